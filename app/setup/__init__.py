"""The Réglages screen, and the forms that it shares with the first-run assistant."""
