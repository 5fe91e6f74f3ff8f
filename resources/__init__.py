"""Icons, fonts, images, translations and the demo cabinet's word lists, read by `importlib.resources`."""
