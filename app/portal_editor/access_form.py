"""« Accès et noms »: the contact address, how patients first get in, the pictures, and what codes are called."""

from collections.abc import Collection
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.portal_editor.items import NAMES, POLICIES
from app.portal_editor.risk import Risk, sentences
from app.widgets.buttons import link, secondary
from app.widgets.confirm import confirm
from app.widgets.entries import ComboBox
from app.widgets.form import Field
from app.widgets.labels import code, label
from app.widgets.panel import line
from app.widgets.scrolled import Scrolled
from app.widgets.tabbing import tab_to_chosen
from portal.pages.settings import FirstAccess, FirstAccessPolicy, PortalSettings, ProtectionLevel

PICTURES = {"logo_digest": "Logo du cabinet", "access_image_digest": "Plan d’accès (image)"}
_FILES = "Images (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)"
_LEVELS = {
    ProtectionLevel.CONFIRMED: "Un lien par e-mail l’ouvre (conseillé)",
    ProtectionLevel.PROCEDURE: "Le dossier s’ouvre aussitôt",
}


class AccessForm(Scrolled):
    """`edited` with an item, its value, and whether it was typed; `picture_chosen` with an item and a file."""

    edited = Signal(str, object, bool)
    picture_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Accès et noms", sideways=False, parent=parent)
        self._settings = PortalSettings()
        self._risk = Risk(0, 0)
        self.names: dict[str, QLineEdit] = {}
        self._sentences: dict[str, str] = {}
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(12)
        self.email = self._line("contact_email", 254)
        self.email_field = Field("Adresse e-mail de contact", self.email, "Les messages des patients y arrivent.")
        column.addWidget(self.email_field)
        self._build_first_access(column)
        self.route = self._line("route_url", 500)
        aid = "Le lien d’une carte en ligne, qui commence par https://."
        self.route_field = Field("Adresse de l’itinéraire", self.route, aid)
        column.addWidget(line())
        column.addWidget(self.route_field)
        self._pictures = {item: _Picture(name) for item, name in PICTURES.items()}
        for item, picture in self._pictures.items():
            picture.choose.clicked.connect(partial(self._choose_picture, item))
            picture.remove.clicked.connect(partial(self._remove_picture, item))
            column.addWidget(picture)
        column.addWidget(line())
        self._name_grid = QGridLayout()
        self._name_grid.setColumnStretch(1, 1)
        self._name_grid.setHorizontalSpacing(10)
        self._name_grid.setVerticalSpacing(6)
        column.addWidget(label("Noms lisibles", "heading"))
        column.addWidget(label("Ce que les patients lisent à la place des codes de votre logiciel.", "aid", wrap=True))
        column.addLayout(self._name_grid)
        column.addStretch(1)
        self.show_page(page)

    def show_settings(self, settings: PortalSettings, codes: dict[str, Collection[str]]) -> None:
        """`codes`: those that the cabinet's dossiers have, by part of the document ("kind_names", …)."""
        self._settings = settings
        for entry, value in ((self.email, settings.contact_email), (self.route, settings.route_url)):
            _put(entry, value)
        first = settings.first_access
        with QSignalBlocker(self.policy):
            self.policy.setCurrentIndex(list(POLICIES).index(first.policy))
        _put(self.pattern, first.pattern)
        self.pattern_field.setVisible(first.policy is FirstAccessPolicy.PATTERN)
        self.levels[first.level].setChecked(True)
        self._tell_risk()
        for item, picture in self._pictures.items():
            digest = getattr(settings, item)
            picture.show_state(is_set=bool(digest), sentence=self._sentences.get(digest, ""))
        self._show_names(codes)

    def show_risk(self, risk: Risk) -> None:
        self._risk = risk
        self._tell_risk()

    def say_picture(self, digest: str, sentence: str) -> None:
        """What became of a file that was chosen."""
        self._sentences[digest] = sentence

    def say_wrong(self, item: str, sentence: str) -> None:
        """Complain at a field; "" everywhere else."""
        fields = {"contact_email": self.email_field, "route_url": self.route_field, "first_access": self.pattern_field}
        for name, field in fields.items():
            field.say_wrong(sentence if name == item else "")

    def focus_on(self, item: str) -> None:
        """Put the cursor where an item is edited."""
        entries: dict[str, QWidget] = {
            "contact_email": self.email,
            "route_url": self.route,
            "first_access": self.policy,
        }
        entry = entries.get(item) or self.names.get(item)
        if entry is not None:
            self.ensureWidgetVisible(entry)
            entry.setFocus()

    def _build_first_access(self, column: QVBoxLayout) -> None:
        self.policy = ComboBox()
        for policy, said in POLICIES.items():
            self.policy.addItem(said, policy)
        self.policy.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.policy.currentIndexChanged.connect(self._choose_policy)
        self.pattern = QLineEdit()
        self.pattern.setMaxLength(40)
        self.pattern.setProperty("role", "mono")
        self.pattern.textEdited.connect(lambda text: self._edit_first(pattern=text, typed=True))
        aid = "@ORDRE est le numéro du patient\u00a0; ajoutez au moins trois lettres ou chiffres."
        self.pattern_field = Field("Modèle", self.pattern, aid)
        self._group = QButtonGroup(self)
        self.levels = {level: QRadioButton(said) for level, said in _LEVELS.items()}
        tab_to_chosen(*self.levels.values())
        column.addWidget(line())
        column.addWidget(Field("Premier accès des patients", self.policy, "Ce qu’ils tapent la première fois."))
        column.addWidget(self.pattern_field)
        column.addWidget(label("Après ce premier code", "label"))
        for level, button in self.levels.items():
            self._group.addButton(button)
            button.clicked.connect(partial(self._choose_level, level))
            column.addWidget(button)
        self.risk = label("", "aid", wrap=True)
        self.risk.setAccessibleName("Risque mesuré")
        column.addWidget(self.risk)

    def _line(self, item: str, longest: int) -> QLineEdit:
        entry = QLineEdit()
        entry.setMaxLength(longest)
        entry.textEdited.connect(lambda text: self.edited.emit(item, text.strip(), True))
        return entry

    def _choose_policy(self) -> None:
        policy = FirstAccessPolicy(self.policy.currentData())
        # What was accepted for one secret was not accepted for another, weaker one.
        self._edit_first(policy=policy, level=ProtectionLevel.CONFIRMED)

    def _choose_level(self, level: ProtectionLevel) -> None:
        if level is self._settings.first_access.level:
            return
        if level is ProtectionLevel.PROCEDURE and not confirm(
            self,
            "Ouvrir les dossiers dès le premier code\u00a0?",
            "\n\n".join(sentences(self._settings.first_access, self._risk)),
            "Ouvrir aussitôt",
        ):
            self.levels[self._settings.first_access.level].setChecked(True)
            return
        self._edit_first(level=level)

    def _edit_first(self, *, typed: bool = False, **values: object) -> None:
        made: FirstAccess = replace(self._settings.first_access, **values)
        self.edited.emit("first_access", made, typed)

    def _tell_risk(self) -> None:
        told = " ".join(sentences(self._settings.first_access, self._risk))
        self.risk.setText(f"Si le dossier s’ouvre aussitôt\u00a0: {told}")

    def _choose_picture(self, item: str) -> None:
        path, _ = QFileDialog.getOpenFileName(self, PICTURES[item], "", _FILES)
        if path:
            self.picture_chosen.emit(item, path)

    def _remove_picture(self, item: str) -> None:
        self.edited.emit(item, "", False)

    def _show_names(self, codes: dict[str, Collection[str]]) -> None:
        wanted = [
            f"{part}.{each}"
            for part in NAMES
            for each in sorted({*codes.get(part, ()), *getattr(self._settings, part), *self._typed(part)} - {""})
        ]
        if wanted != list(self.names):
            self._lay_names(wanted)
        for item, entry in self.names.items():
            part, _, name = item.partition(".")
            _put(entry, getattr(self._settings, part).get(name, ""))

    def _typed(self, part: str) -> set[str]:
        """Codes whose name is just being emptied: their line stays."""
        return {item.partition(".")[2] for item in self.names if item.startswith(f"{part}.")}

    def _lay_names(self, wanted: list[str]) -> None:
        while (taken := self._name_grid.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.deleteLater()
        self.names = {}
        former = ""
        for item in wanted:
            part, _, name = item.partition(".")
            if part != former:
                self._name_grid.addWidget(label(f"{NAMES[part]}s", "label"), self._name_grid.rowCount(), 0, 1, 2)
                former = part
            entry = self._line(item, 80)
            entry.setAccessibleName(f"Nom de {name}")
            self.names[item] = entry
            row = self._name_grid.rowCount()
            self._name_grid.addWidget(code(name, 13), row, 0)
            self._name_grid.addWidget(entry, row, 1)


class _Picture(QFrame):
    """A picture's name, what became of its file, and its buttons."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.choose = secondary("Choisir…")
        self.choose.setAccessibleName(f"Choisir\u00a0: {name}")
        self.remove = link("Retirer")
        self.remove.setAccessibleName(f"Retirer\u00a0: {name}")
        self._said = label("", "aid", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.remove)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(name, "label"))
        column.addWidget(self._said)
        column.addLayout(row)

    def show_state(self, *, is_set: bool, sentence: str) -> None:
        self._said.setText(sentence or ("Une image est choisie." if is_set else "Aucune image choisie."))
        self.remove.setVisible(is_set)


def _put(entry: QLineEdit, text: str) -> None:
    """Show a value without moving the cursor of somebody who types it."""
    if entry.text().strip() != text:
        entry.setText(text)
        entry.setCursorPosition(0)
