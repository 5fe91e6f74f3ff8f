"""What several screens share: one module a widget, each reachable by keyboard and with an accessible name."""
