"""Accueil: how the cabinet's portal stands today, and what waits for the reception desk."""
