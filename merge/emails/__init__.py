"""E-mails: a merged text as a message that any reader shows well and no value can forge."""
