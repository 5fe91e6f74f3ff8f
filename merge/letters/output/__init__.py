"""How right letters leave the house on paper: one file, many, or what a mail house takes."""
