"""« Versions antérieures »: the history of what was published, one of which the preview shows."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.widgets.busy import BusyLine
from app.widgets.buttons import link, secondary
from app.widgets.labels import label
from app.widgets.notice import Notice
from portal.api.desk import PublishedVersion

_NUMBER = Qt.ItemDataRole.UserRole


class Versions(QWidget):
    """In the place of the texts. `looked_at` with a version's number when one is chosen."""

    looked_at = Signal(int)
    taken = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        back = link("Revenir aux textes", "arrow-left")
        back.clicked.connect(self.closed)
        self.busy = BusyLine()
        self.notice = Notice()
        self.list = QListWidget()
        self.list.setAccessibleName("Versions antérieures")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._look)
        self.take = secondary("Reprendre cette version", "arrow-counter-clockwise")
        self.take.setEnabled(False)
        self.take.clicked.connect(lambda _: self.taken.emit(self.current))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(8)
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(label("Versions antérieures", "heading"))
        column.addWidget(label("L’aperçu montre la version choisie. Rien n’est publié.", "aid", wrap=True))
        column.addWidget(self.busy)
        column.addWidget(self.notice)
        column.addWidget(self.list, 1)
        column.addWidget(self.take)
        column.addWidget(label("Elle devient votre brouillon\u00a0; publiez-le ensuite.", "aid", wrap=True))

    @property
    def current(self) -> int:
        """The chosen version's number; 0 for none."""
        item = self.list.currentItem()
        return int(item.data(_NUMBER)) if item is not None else 0

    def show_versions(self, versions: Sequence[PublishedVersion], published: int) -> None:
        self.busy.end()
        self.list.clear()
        self.take.setEnabled(False)
        for version in versions:
            item = QListWidgetItem(version_sentence(version, is_published=version.version == published))
            item.setData(_NUMBER, version.version)
            self.list.addItem(item)

    def _look(self) -> None:
        self.take.setEnabled(self.current > 0)
        if self.current:
            self.looked_at.emit(self.current)


def version_sentence(version: PublishedVersion, *, is_published: bool) -> str:
    """« Version 4, le 06/10/2026 à 9h05, ACCUEIL-1 (en ligne) »."""
    at: dt.datetime = version.published_at.astimezone()
    device = f", {version.device_name}" if version.device_name else ""
    online = " (en ligne)" if is_published else ""
    return f"Version {version.version}, le {at:%d/%m/%Y} à {at.hour}h{at.minute:02}{device}{online}"
