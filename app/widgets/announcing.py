"""What appears by itself is said by screen readers at once."""

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget) -> None:
    """Say the widget's accessible name, as an alert."""
    # The first window announces nothing, and these are two hundred names.
    from PySide6.QtGui import QAccessible, QAccessibleEvent  # noqa: PLC0415 - see above

    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
