"""The strip at the top: what patients do not see yet, and what can be done about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app import style
from app.portal_editor.presenter import Presenter
from app.widgets.busy import BusyLine
from app.widgets.buttons import link, primary, secondary
from app.widgets.elided import ElidedLabel
from app.widgets.labels import label, picture

NOT_A_PRACTITIONER = "Seul le poste d’un praticien peut publier. Vos modifications restent sur ce poste."


class Strip(QFrame):
    """Apricot while something waits to be published."""

    detail_asked = Signal()
    versions_asked = Signal()
    undo_asked = Signal()
    publish_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(56)
        self._icon = picture("pencil-simple", "abricot-encre", fill=True)
        self.headline = label("", "strong")
        self.summary = ElidedLabel()
        self.busy = BusyLine()
        self.detail = link("Voir le détail")
        self.versions = link("Versions antérieures")
        self.undo = secondary("Annuler", "arrow-counter-clockwise")
        self.undo.setToolTip("Annuler la dernière modification (Ctrl+Z)")
        self.publish = primary("Publier", "upload-simple")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 18, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addSpacing(2)
        row.addWidget(self.headline)
        row.addSpacing(4)
        row.addWidget(self.summary, 1)
        row.addWidget(self.busy)
        for button in (self.detail, self.versions, self.undo, self.publish):
            row.addWidget(button)
        self.detail.clicked.connect(self.detail_asked)
        self.versions.clicked.connect(self.versions_asked)
        self.undo.clicked.connect(self.undo_asked)
        self.publish.clicked.connect(self.publish_asked)

    def show_state(self, presenter: Presenter, *, is_reception: bool, is_publishing: bool) -> None:
        """`is_reception`: this computer is known not to be a practitioner's."""
        waits = bool(presenter.changes)
        style.set_role(self, "band" if waits else "band-quiet")
        self._icon.setVisible(waits)
        self.headline.setText(presenter.headline)
        ink = style.TOKENS["abricot-encre"] if waits else style.TOKENS["encre2"]
        for words in (self.headline, self.summary):
            words.setStyleSheet(f"color: {ink};")
        self.summary.show_text(presenter.summary)
        self.detail.setVisible(waits)
        self.versions.setEnabled(presenter.is_ready)
        self.undo.setEnabled(presenter.can_undo)
        self.publish.setEnabled(waits and not is_reception and not is_publishing)
        self.publish.setToolTip(NOT_A_PRACTITIONER if is_reception else "")
        self.publish.setAccessibleDescription(NOT_A_PRACTITIONER if is_reception else "")
        if is_publishing:
            self.busy.begin("Publication…")
        else:
            self.busy.end()
