"""Messages: what patients wrote from the portal, and the cabinet's answers."""
