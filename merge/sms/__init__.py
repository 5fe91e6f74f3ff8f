"""Text messages: what they weigh, and how a merged text becomes one."""
