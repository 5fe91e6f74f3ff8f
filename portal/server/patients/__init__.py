"""The pages of a signed-in patient: thin views from a dossier and settings to `portal.pages.render`."""
