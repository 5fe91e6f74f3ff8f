"""The patient's pages as pure functions: dossier and settings in, HTML out. No Django, no Qt, no clock."""
