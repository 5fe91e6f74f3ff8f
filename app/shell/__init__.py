"""The window around the screens: navigation, status bar, and the one place where errors are told."""
