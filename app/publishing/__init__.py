"""The Synchronisation screen: what a run did or would do, the runs of this computer, and what waits for a person."""
