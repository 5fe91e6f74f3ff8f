"""Schema history of cabinets."""
