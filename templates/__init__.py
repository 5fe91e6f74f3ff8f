"""Jinja2 and mail templates, read by `importlib.resources`."""
