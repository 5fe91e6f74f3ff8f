"""Every screen, dialog and page of the application, each in a state of its own: to be looked at, and to be measured."""
