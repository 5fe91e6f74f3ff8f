"""Publishing: read, plan, send, and remember what happened."""
