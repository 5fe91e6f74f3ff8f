"""What the desktop application and the command line both do for the reception desk. No Qt here."""
