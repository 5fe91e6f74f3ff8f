"""Sets a machine up for `run.py`. Standard library only: it runs before anything is installed."""
