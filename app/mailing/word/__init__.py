"""A cabinet's own Word document as the letters of a model: chosen, read, shown."""
