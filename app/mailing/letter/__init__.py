"""The editor of letters: rows, their words and objects, and the file that keeps them."""
