"""Schema history of publishing."""
