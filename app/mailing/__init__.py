"""The mail merge's screen: texts, recipients, check, sending."""
