"""The first-run assistant: from a code on paper to published patients."""
