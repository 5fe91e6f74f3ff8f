"""Where the cabinet's data are: a folder of files, a workbook, or a database with its password."""

from functools import partial
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.setup.path_field import PathField
from app.widgets.form import Field
from app.widgets.labels import label
from app.widgets.switch import Part, Switch
from cabinet.sources.location import Location
from cabinet.sources.opening import WORKBOOKS

_FOLDER, _WORKBOOK, _DATABASE, _NONE = "folder", "workbook", "database", "none"
_KINDS = (
    Part(_FOLDER, "Dossier de fichiers", "folder-open"),
    Part(_WORKBOOK, "Classeur", "table"),
    Part(_DATABASE, "Base de données", "database"),
    Part(_NONE, "Aucun ici", "prohibit"),
)
_ELSEWHERE = (
    "Un autre poste du cabinet lit l’export et le publie. D’ici, vous lirez les messages et réglerez le portail, et "
    "«\u00a0Synchroniser maintenant\u00a0» le demandera à cet autre poste. Les noms des patients et le publipostage "
    "restent sur les postes qui lisent l’export."
)
_MISSING = {
    _FOLDER: "Indiquez le dossier de l’export, ou parcourez pour le choisir.",
    _WORKBOOK: "Indiquez le classeur, ou parcourez pour le choisir.",
    _DATABASE: "Indiquez l’adresse de la base, par exemple postgresql://lecture@serveur/cabinet.",
}


class SourceField(QWidget):
    """`edited` when a person changed any of it."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = Switch("Forme de l’export", _KINDS)
        self.folder = PathField("Dossier de l’export", "Il peut être sur un partage du réseau.")
        patterns = " ".join(f"*{suffix}" for suffix in sorted(WORKBOOKS))
        self.workbook = PathField("Classeur", "Une feuille par table.", pattern=f"Classeurs ({patterns})")
        self.address = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._address_field = Field(
            "Adresse de la base",
            self.address,
            "postgresql://lecture@serveur/cabinet, odbc://NOM, ou une base Access (.accdb).",
        )
        password = Field("Mot de passe", self.password, "Laissez vide pour garder l’actuel.")
        base = QWidget()
        row = QHBoxLayout(base)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._address_field, 2, Qt.AlignmentFlag.AlignTop)
        row.addWidget(password, 1, Qt.AlignmentFlag.AlignTop)
        elsewhere = label(_ELSEWHERE, "quiet", wrap=True)
        self._entries: dict[str, QWidget] = {
            _FOLDER: self.folder,
            _WORKBOOK: self.workbook,
            _DATABASE: base,
            _NONE: elsewhere,
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        line = QHBoxLayout()
        line.addWidget(self.kind)
        line.addStretch(1)
        column.addLayout(line)
        for entry in self._entries.values():
            column.addWidget(entry)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._show(_FOLDER)
        self.kind.chosen.connect(self._kind_chosen)
        for edit in (self.folder.edit, self.workbook.edit, self.address, self.password):
            edit.textChanged.connect(partial(self._typed, edit))

    @property
    def is_none(self) -> bool:
        """Whether this computer is to read no export."""
        return self.kind.current == _NONE

    @property
    def text(self) -> str:
        """A path, or a database's address; empty where no export is to be read."""
        match self.kind.current:
            case "folder":
                return self.folder.path
            case "workbook":
                return self.workbook.path
            case "none":
                return ""
        return self.address.text().strip()

    @property
    def typed_password(self) -> str:
        """Empty where the source needs none, or the one that is kept shall stay."""
        return self.password.text() if self.kind.current == _DATABASE else ""

    def show_source(self, text: str, *, is_read: bool = True) -> None:
        if not is_read:
            kind = _NONE
        elif Location(text).is_database:
            kind = _DATABASE
        else:
            kind = _WORKBOOK if PurePath(text).suffix.casefold() in WORKBOOKS else _FOLDER
        self.folder.show_path(text if kind == _FOLDER else "")
        self.workbook.show_path(text if kind == _WORKBOOK else "")
        self.address.setText(text if kind == _DATABASE else "")
        self.password.clear()
        self.kind.choose(kind)
        self._show(kind)
        self.say_wrong("")

    def checked(self) -> str:
        """The text; empty, with a sentence below the entry, where nothing is typed. Not for `is_none`."""
        text = self.text
        wrong = "" if text else _MISSING[self.kind.current]
        if text and self.kind.current == _DATABASE and not Location(text).is_database:
            wrong = "Cette adresse est incomplète. Exemple\u00a0: postgresql://lecture@serveur/cabinet"
        self.say_wrong(wrong)
        if wrong:
            self.focus_entry()
        return "" if wrong else text

    def say_wrong(self, sentence: str) -> None:
        fields = {_FOLDER: self.folder.field, _WORKBOOK: self.workbook.field, _DATABASE: self._address_field}
        for kind, field in fields.items():
            field.say_wrong(sentence if kind == self.kind.current else "")

    def focus_entry(self) -> None:
        edits: dict[str, QWidget] = {
            _FOLDER: self.folder.edit,
            _WORKBOOK: self.workbook.edit,
            _DATABASE: self.address,
            _NONE: self.kind.part(_NONE),
        }
        edits[self.kind.current].setFocus()

    def _kind_chosen(self, kind: str) -> None:
        self._show(kind)
        self.say_wrong("")
        self.focus_entry()
        self.edited.emit()

    def _show(self, kind: str) -> None:
        for key, entry in self._entries.items():
            entry.setVisible(key == kind)

    def _typed(self, edit: QLineEdit, _: str) -> None:
        if edit.isVisibleTo(self):
            self.edited.emit()
