"""« Voir le détail »: each change, before and after, to be taken back or decided one at a time."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.portal_editor.draft import Change
from app.portal_editor.presenter import Presenter
from app.widgets.buttons import link, secondary
from app.widgets.dialog import Dialog
from app.widgets.labels import label
from app.widgets.panel import line
from app.widgets.scrolled import Scrolled

NOTHING = "(rien)"
STYLE_ONLY = "Les mots sont les mêmes\u00a0: la mise en forme change."


class Detail(Dialog):
    """Shows the draft's changes. `changed` after each decision: the screen follows."""

    changed = Signal()

    def __init__(self, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.setWindowTitle("Modifications non publiées")
        self.resize(720, 520)
        self._heading = label("", "heading")
        self._aid = label("", "quiet", wrap=True)
        self._area = Scrolled("Modifications")
        close = secondary("Fermer")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(self._heading)
        column.addWidget(self._aid)
        column.addWidget(self._area, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.rows: dict[str, ChangeRow] = {}
        self.renew()

    def renew(self) -> None:
        """Show the changes as they are now; without any, there is nothing left to show."""
        changes, undecided = self._presenter.changes, self._presenter.draft.undecided
        self._heading.setText(self._presenter.headline)
        self._aid.setText(
            "Un autre poste a publié d’autres valeurs\u00a0: choisissez lesquelles garder."
            if undecided
            else "À gauche, ce que les patients voient aujourd’hui\u00a0; à droite, ce qu’ils verront."
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        self.rows = {}
        for change in sorted(changes, key=lambda each: each.item not in undecided):
            row = ChangeRow(change, is_undecided=change.item in undecided)
            row.revert.clicked.connect(partial(self._revert, change.item))
            row.mine.clicked.connect(partial(self._decide, change.item, True))
            row.theirs.clicked.connect(partial(self._decide, change.item, False))
            self.rows[change.item] = row
            column.addWidget(row)
        column.addStretch(1)
        self._area.show_page(page)
        if not changes:
            self.accept()

    def _revert(self, item: str) -> None:
        self._presenter.revert(item)
        self._tell()

    def _decide(self, item: str, keep_mine: bool) -> None:
        self._presenter.decide(item, keep_mine=keep_mine)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self.renew()


class ChangeRow(QFrame):
    """One item: before, after, and what can be done."""

    def __init__(self, change: Change, *, is_undecided: bool) -> None:
        super().__init__()
        self.setProperty("role", "next" if is_undecided else "panel")
        self.setAccessibleName(change.short)
        self.revert = link("Revenir au texte publié" if change.item.startswith("zones.") else "Ne pas modifier")
        self.mine = secondary("Garder le mien")
        self.theirs = secondary("Prendre celui de l’autre poste")
        self.revert.setVisible(not is_undecided)
        self.mine.setVisible(is_undecided)
        self.theirs.setVisible(is_undecided)
        title = QHBoxLayout()
        title.addWidget(label(change.label, "strong"))
        title.addStretch(1)
        title.addWidget(self.revert)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        words = ("Publié par l’autre poste", "Le vôtre") if is_undecided else ("Aujourd’hui", "Après publication")
        for place, (word, text) in enumerate(zip(words, (change.said_before, change.said_after), strict=True)):
            grid.addWidget(label(word, "aid"), 0, place)
            said = label(text or NOTHING, "" if text else "quiet", wrap=True)
            said.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(said, 1, place)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 12)
        column.setSpacing(6)
        column.addLayout(title)
        column.addWidget(line())
        column.addLayout(grid)
        if change.is_only_style:
            column.addWidget(label(STYLE_ONLY, "aid"))
        if is_undecided:
            choice = QHBoxLayout()
            choice.addWidget(self.mine)
            choice.addWidget(self.theirs)
            choice.addStretch(1)
            column.addLayout(choice)
