"""What patients write to their cabinet."""
