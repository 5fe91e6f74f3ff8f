"""Dossier and settings in, what a page shows out: frozen view models from which all that is hidden is already gone."""
