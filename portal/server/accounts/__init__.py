"""Who may read a dossier: first visit, sign-in, sessions, passwords, one-time links."""
