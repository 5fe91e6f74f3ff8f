"""How a first mapping is found in an export that nobody has seen; `cabinet.guess` is the way in."""
