"""The shapes on the wire and the HTTP client: all that the cabinet's side knows of the portal."""
