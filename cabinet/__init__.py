"""The cabinet's own data: the dossier, and how it is read from an export. Imports nothing of ours."""
