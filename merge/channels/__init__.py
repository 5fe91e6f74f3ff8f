"""The ways out of the house, one module each: the only SMTP and HTTP of the mail merge."""
