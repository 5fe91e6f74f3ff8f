"""The nightly task: when it runs, and how each system is told. `installing` chooses the system's own scheduler."""
