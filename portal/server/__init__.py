"""The hosted backend: many cabinets on one Django installation. Nobody imports it but `cli.portal`."""
