"""Asks what an object of a letter is to be: a picture, the signature, a QR code. The table has a dialog of its own."""

from abc import abstractmethod
from typing import Final

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.mailing.letter.picture_field import PictureField, PictureShop
from app.widgets.entries import ComboBox, NumberEdit
from app.widgets.form import Field
from app.widgets.form_dialog import FormDialog
from app.widgets.labels import label
from merge.letters.model import Block, Picture, QrCode, Side, Signature

NEW_OBJECTS: Final = {
    "table": ("Tableau", "table"),
    "picture": ("Image", "image-square"),
    "code": ("QR code seul", "qr-code"),
    "signature": ("Signature", "pen"),
}
"""What can be inserted besides the sign-in picture: its words in the menu, and its icon."""
_SIDES: tuple[tuple[str, Side], ...] = (("À gauche", "left"), ("Au milieu", "centre"), ("À droite", "right"))


class ObjectDialog(FormDialog):
    """`made` is the object once it was accepted."""

    made: Block

    @abstractmethod
    def make(self) -> Block | None:
        """The object as the form says, or None after saying in the form what is wrong."""

    def finish(self) -> None:
        made = self.make()
        if made is not None:
            self.made = made
            self.accept()


class PictureDialog(ObjectDialog):
    def __init__(self, shop: PictureShop, picture: Picture | None, parent: QWidget | None = None) -> None:
        super().__init__("Image", "Placer l’image", parent)
        self._was = picture
        self.picture = PictureField(shop, picture.file if picture else "")
        self.description = QLineEdit(picture.description if picture else "")
        self.description.setMaxLength(200)
        self.width_mm = millimetres(picture.width if picture else 60.0, 5, 190)
        self.side = side_box(picture.align if picture else "centre")
        self.form.addWidget(self.picture)
        self.form.addWidget(Field("Ce qu’elle montre", self.description, "Lu à voix haute à qui ne la voit pas."))
        self.form.addLayout(beside(Field("Largeur", self.width_mm), Field("Place", self.side)))

    def make(self) -> Picture | None:
        if not self.picture.name:
            self.picture.say_wrong("Choisissez d’abord une image.")
            return None
        return msgspec.structs.replace(
            self._was or Picture(self.picture.name, 60.0),
            file=self.picture.name,
            width=self.width_mm.value(),
            description=self.description.text().strip(),
            align=self.side.currentData(),
        )


class SignatureDialog(ObjectDialog):
    def __init__(self, shop: PictureShop, signature: Signature, parent: QWidget | None = None) -> None:
        super().__init__("Signature du praticien", "Placer la signature", parent)
        self._was = signature
        self.form.addWidget(
            label("Le nom est celui des réglages. Une signature numérisée se place au-dessus.", "quiet", wrap=True)
        )
        self.picture = PictureField(shop, signature.picture or "", removable=True)
        self.width_mm = millimetres(signature.width, 5, 120)
        self.above = millimetres(signature.space_before, 0, 60)
        self.form.addWidget(self.picture)
        self.form.addLayout(
            beside(Field("Largeur de la signature", self.width_mm), Field("Place libre au-dessus", self.above))
        )

    def make(self) -> Signature:
        return msgspec.structs.replace(
            self._was,
            picture=self.picture.name or None,
            width=self.width_mm.value(),
            space_before=self.above.value(),
        )


class CodeDialog(ObjectDialog):
    def __init__(self, code: QrCode, parent: QWidget | None = None) -> None:
        super().__init__("QR code", "Placer le QR code", parent)
        self._was = code
        self.leads_to = ComboBox()
        self.leads_to.addItem("Le lien personnel, qui ouvre la première visite", "personal")
        self.leads_to.addItem("L’adresse du site, la même pour tous", "site")
        self.leads_to.setCurrentIndex(self.leads_to.findData(code.leads_to))
        self.size_mm = millimetres(code.side, 20, 60)
        self.side = side_box(code.align)
        self.form.addWidget(Field("Où il mène", self.leads_to))
        self.form.addLayout(beside(Field("Côté", self.size_mm), Field("Place", self.side)))

    def make(self) -> QrCode:
        return msgspec.structs.replace(
            self._was, leads_to=self.leads_to.currentData(), side=self.size_mm.value(), align=self.side.currentData()
        )


def millimetres(value: float, least: float, most: float) -> NumberEdit:
    """An entry for a length."""
    return measure(value, least, most, "mm")


def measure(value: float, least: float, most: float, unit: str) -> NumberEdit:
    """An entry for a number with its unit."""
    made = NumberEdit()
    made.setRange(least, most)
    made.setDecimals(1)
    made.setSingleStep(1.0)
    made.setSuffix(f"\u00a0{unit}")
    made.setValue(value)
    # A style sheet's padding does not reach the words of a spin box.
    made.lineEdit().setTextMargins(10, 0, 0, 0)
    return made


def side_box(side: Side) -> ComboBox:
    """Left, middle or right."""
    made = ComboBox()
    for words, one in _SIDES:
        made.addItem(words, one)
    made.setCurrentIndex(made.findData(side))
    return made


def beside(*fields: QWidget) -> QHBoxLayout:
    """Fields in one row, equally wide."""
    row = QHBoxLayout()
    row.setSpacing(12)
    for one in fields:
        row.addWidget(one, 1)
    return row
