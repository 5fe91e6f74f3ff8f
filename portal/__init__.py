"""What patients see (`pages`), what travels (`api`), and the hosted backend (`server`)."""
