"""The peer: the same page by Django 5.2 as `startproject` sets it up (sessions, auth, Django templates, SQLite)."""
