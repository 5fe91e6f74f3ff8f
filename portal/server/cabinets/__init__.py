"""Cabinets, their devices, and their settings documents."""
