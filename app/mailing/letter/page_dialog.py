"""« Mise en page »: the envelope, the margins, the letterhead, and the lines that stand around a letter's text."""

from collections.abc import Sequence

import msgspec
from PySide6.QtWidgets import (
    QCheckBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.mailing.editor import FieldEdit
from app.mailing.letter.object_dialogs import beside, millimetres
from app.mailing.letter.picture_field import PictureField, PictureShop
from app.mailing.letter.rows import text_of
from app.widgets.entries import ComboBox
from app.widgets.form import Field
from app.widgets.form_dialog import FormDialog
from app.widgets.labels import label
from app.widgets.scrolled import Scrolled
from merge.letters.geometry import Window
from merge.letters.model import Letterhead, LetterTemplate, PageSetup, Paragraph, Run

_WINDOWS = (
    ("Enveloppe DL, fenêtre à droite", Window.DL_RIGHT),
    ("Enveloppe DL, fenêtre à gauche", Window.DL_LEFT),
    ("Enveloppe C5, fenêtre à droite", Window.C5_RIGHT),
    ("Enveloppe C5, fenêtre à gauche", Window.C5_LEFT),
    ("Sans fenêtre, ou remise en main propre", Window.NONE),
)
_BETWEEN = " · "
"""What stands between two facts of one line of the letterhead, here and on paper."""
_REFERENCE_SIZE = 10.0


class PageDialog(FormDialog):
    """`made` is the letter with its new frame once it was accepted; its body is left as it was."""

    def __init__(self, letter: LetterTemplate, shop: PictureShop, parent: QWidget | None = None) -> None:
        super().__init__("Mise en page", "Appliquer", parent)
        self._letter = letter
        self.made = letter
        self.resize(660, 640)
        tabs = QTabWidget()
        tabs.setAccessibleName("Ce qui se règle")
        for words, fields in (
            ("Page", self._page_fields(letter.page)),
            ("En-tête", self._head_fields(letter.letterhead, shop)),
            ("Références et pied", self._line_fields(letter)),
        ):
            tabs.addTab(_scrolled(words, fields), words)
        self.form.addWidget(tabs, 1)
        self._wrong = label("", "wrong", wrap=True)
        self.form.addWidget(self._wrong)

    def _page_fields(self, page: PageSetup) -> QVBoxLayout:
        self.window_box = ComboBox()
        for words, window in _WINDOWS:
            self.window_box.addItem(words, window)
        self.window_box.setCurrentIndex(self.window_box.findData(page.window))
        self.left = millimetres(page.left, 5, 100)
        self.right = millimetres(210 - page.right, 5, 100)
        self.bottom = millimetres(page.body_bottom, 100, 285)
        self.next_top = millimetres(page.next_top, 10, 150)
        self.next_bottom = millimetres(page.next_bottom, 100, 285)
        self.folds = _check("Imprimer les repères de pli", on=page.fold_marks)
        self.numbers = _check("Numéroter les pages d’une lettre longue (2/3)", on=page.page_numbers)
        self.one_page = _check("Refuser une lettre de plus d’une page", on=page.max_pages == 1)
        column = _column()
        column.addWidget(Field("Enveloppe", self.window_box, "L’adresse, la date et les plis en découlent."))
        column.addLayout(beside(Field("Marge gauche", self.left), Field("Marge droite", self.right)))
        column.addWidget(Field("Fin du texte", self.bottom, "Sur la première page, depuis le haut de la feuille."))
        column.addLayout(
            beside(
                Field("Pages suivantes, début du texte", self.next_top),
                Field("Pages suivantes, fin du texte", self.next_bottom),
            )
        )
        for box in (self.folds, self.numbers, self.one_page):
            column.addWidget(box)
        column.addStretch(1)
        return column

    def _head_fields(self, head: Letterhead, shop: PictureShop) -> QVBoxLayout:
        self.logo = _check("Imprimer un logo", on=head.logo)
        self.picture = PictureField(shop, head.picture or "", removable=True)
        self.picture.setEnabled(head.logo)
        self.logo.toggled.connect(self.picture.setEnabled)
        self.title = _entry("Nom en tête", head.title)
        self.facts = _lines("Lignes de l’en-tête", [_BETWEEN.join(line) for line in head.lines])
        column = _column()
        column.addWidget(self.logo)
        column.addWidget(label("Sans image du cabinet, le logo de WebOrtho est imprimé.", "aid", wrap=True))
        column.addWidget(self.picture)
        column.addWidget(Field("Nom en tête", self.title))
        column.addWidget(
            Field("Lignes de l’en-tête", self.facts, "Un point médian ( · ) sépare deux informations d’une ligne.")
        )
        column.addStretch(1)
        return column

    def _line_fields(self, letter: LetterTemplate) -> QVBoxLayout:
        self.references = _lines("Références", [text_of(one) for one in letter.references])
        self.date = _entry("Lieu et date", letter.place_and_date)
        self.footer = _entry("Pied de page", letter.footer)
        column = _column()
        column.addWidget(Field("Références", self.references, "À côté de l’adresse, une par ligne."))
        column.addWidget(Field("Date", self.date, "La ville du cabinet est écrite devant."))
        column.addWidget(Field("Pied de page", self.footer, "Écrit tel quel sur la première page."))
        column.addStretch(1)
        return column

    def finish(self) -> None:
        if any(one.highlighter.problems for one in (self.title, self.facts, self.references, self.date)):
            self._wrong.setText("Corrigez d’abord le champ souligné en rouge.")
            return
        try:
            page = msgspec.structs.replace(
                self._letter.page,
                window=self.window_box.currentData(),
                left=self.left.value(),
                right=210 - self.right.value(),
                body_bottom=self.bottom.value(),
                next_top=self.next_top.value(),
                next_bottom=self.next_bottom.value(),
                fold_marks=self.folds.isChecked(),
                page_numbers=self.numbers.isChecked(),
                max_pages=self._max_pages(),
            )
        except ValueError as error:
            what = str(error)
            self._wrong.setText(f"{what[:1].upper()}{what[1:]}. Réduisez les marges.")
            return
        self.made = msgspec.structs.replace(
            self._letter,
            page=page,
            letterhead=msgspec.structs.replace(
                self._letter.letterhead,
                logo=self.logo.isChecked(),
                picture=self.picture.name or None,
                title=self.title.content,
                lines=tuple(tuple(line.split(_BETWEEN)) for line in _said(self.facts)),
            ),
            references=_references(self._letter.references, _said(self.references)),
            place_and_date=self.date.content,
            footer=self.footer.content,
        )
        self.accept()

    def _max_pages(self) -> int:
        was = self._letter.page.max_pages
        if self.one_page.isChecked():
            return 1
        return was if was > 1 else PageSetup().max_pages


def _references(was: Sequence[Paragraph], now: Sequence[str]) -> tuple[Paragraph, ...]:
    """A line whose words are not changed keeps their manners; a new one looks like the last."""
    known = {text_of(one): one for one in was}
    like = was[-1] if was else Paragraph((), size=_REFERENCE_SIZE)
    manner = like.runs[0] if like.runs else Run("", soft=True)
    return tuple(
        known.get(line) or msgspec.structs.replace(like, runs=(msgspec.structs.replace(manner, text=line),))
        for line in now
    )


def _said(entry: FieldEdit) -> list[str]:
    return [line.strip() for line in entry.content.split("\n") if line.strip()]


def _entry(name: str, text: str) -> FieldEdit:
    made = FieldEdit(name, one_line=True)
    made.fill(text)
    return made


def _lines(name: str, lines: Sequence[str]) -> FieldEdit:
    made = FieldEdit(name)
    made.fill("\n".join(lines))
    made.setFixedHeight(96)
    return made


def _check(words: str, *, on: bool) -> QCheckBox:
    made = QCheckBox(words)
    made.setChecked(on)
    return made


def _column() -> QVBoxLayout:
    made = QVBoxLayout()
    made.setContentsMargins(4, 12, 12, 4)
    made.setSpacing(12)
    return made


def _scrolled(name: str, column: QVBoxLayout) -> Scrolled:
    page = QWidget()
    page.setLayout(column)
    return Scrolled(name, page)
