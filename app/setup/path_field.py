"""A folder or a file: typed, or picked in the system's own window."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.widgets.buttons import secondary
from app.widgets.form import Field


class PathField(QWidget):
    """`pattern` (« Mapping (*.toml) ») asks for a file, none for a folder."""

    def __init__(self, name: str, aid: str = "", *, pattern: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._pattern = pattern
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.edit = QLineEdit()
        self.field = Field(name, self.edit, aid)
        column.addWidget(self.field)
        # The buttons stay beside the entry when something wrong is said below it.
        beside = QWidget()
        self._row = QHBoxLayout(beside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.field.set_around(beside)
        self._row.addWidget(self.edit, 1)
        self.button = secondary("Parcourir…", "folder-open" if not pattern else "file-text")
        self.button.setAccessibleName(f"Parcourir, {name}")
        self.button.clicked.connect(self._pick)
        self.add(self.button)

    def add(self, button: QPushButton) -> None:
        """One more button behind the field."""
        self._row.addWidget(button)

    @property
    def path(self) -> str:
        """As typed, without outer spaces or the quotation marks that « Copier en tant que chemin » adds."""
        return self.edit.text().strip().strip('"').strip()

    def show_path(self, path: str) -> None:
        self.edit.setText(path)

    def _pick(self) -> None:
        start = self.path or str(Path.home())
        if self._pattern:
            picked, _ = QFileDialog.getOpenFileName(self, self._name, start, self._pattern)
        else:
            picked = QFileDialog.getExistingDirectory(self, self._name, start)
        if picked:
            self.edit.setText(str(Path(picked)))


def mapping_field() -> PathField:
    """The file that says which column is what; most cabinets have it written for them."""
    return PathField(
        "Fichier de mapping (facultatif)",
        "Il dit où se trouve chaque information de l’export\u00a0; «\u00a0Reconnaître les colonnes\u00a0» l’écrit pour "
        "vous.",
        pattern="Mapping (*.toml)",
    )
