"""The panel of the texts: which model, which channel, to whom, its words, and what is wrong with them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.mailing.channels import CHANNEL_ICONS, CHANNEL_LABELS
from app.mailing.editor import FieldEdit
from app.mailing.highlights import Highlight
from app.mailing.letter.document import LetterDocument
from app.mailing.letter.objects import LetterObjects
from app.mailing.letter.rows import Row
from app.mailing.letter.tools import LetterTools
from app.mailing.letter_itself import LetterItselfPanel
from app.mailing.library import Part, parts_of
from app.mailing.model_presenter import ADDRESS_FIELDS, PART_LABELS, Status
from app.mailing.word.letter import WordLetter
from app.mailing.word.panel import WordPanel
from app.style import CODE_FAMILY, TOKENS
from app.widgets.buttons import link, secondary, tool
from app.widgets.entries import ComboBox
from app.widgets.labels import label, picture
from app.widgets.panel import line
from app.widgets.switch import Part as SwitchPart
from app.widgets.switch import Switch
from merge.letters.model import SignInPicture
from merge.recipients import ChannelKind

_TEXT, _ITSELF = "text", "letter"
_ON_PAPER_ONLY = "La lettre de ce modèle est un document Word\u00a0: elle ne part que sur papier."


_PAGE = f"""
QTextEdit {{ border: 2px solid transparent; border-radius: 0; padding: 0 16px; }}
QTextEdit:focus {{ border-color: {TOKENS["canard"]}; }}
"""


class EditorPanel(QFrame):
    """`edited` when a person changed a text; the other signals say what they chose."""

    edited = Signal()
    checked = Signal()
    """What is wrong with the texts, and how many fields they have, was looked up again."""
    model_chosen = Signal(str)
    part_chosen = Signal(object)
    letter_itself_chosen = Signal(bool)
    """Whether the e-mail shall be the letter itself."""

    def __init__(self, picture_again: Callable[[], SignInPicture], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._parts: tuple[Part, ...] = ()
        self._fault: tuple[FieldEdit, int, Highlight] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(line())
        self.body = FieldEdit("Texte", by_paragraph=True)
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        self.body.setStyleSheet(_PAGE)
        self._letter = LetterDocument(self.body.document())
        self.tools = LetterTools(self.body, self._letter, picture_again)
        self.objects = LetterObjects(self.body, self._letter)
        column.addWidget(self.tools)
        column.addWidget(line())
        column.addWidget(self._strip())
        column.addWidget(self.body, 1)
        self.word = WordPanel()
        self.word.hide()
        column.addWidget(self.word, 1)
        self.itself = LetterItselfPanel()
        self.itself.hide()
        self.itself.edit_wanted.connect(self._edit_letter)
        column.addWidget(self.itself, 1)
        column.addWidget(line())
        column.addLayout(self._status_row())
        for editor in (self.subject, self.body):
            editor.edited.connect(self._on_edit)
            editor.entered.connect(lambda editor=editor: self._use(editor))
            editor.highlighter.changed.connect(self.checked)

    @property
    def letter_rows(self) -> tuple[tuple[int, Row], ...]:
        return self._letter.rows()

    @property
    def faulty(self) -> FieldEdit:
        """The first editor with a fault, the body where there is none."""
        return next((editor for editor in self._shown if editor.highlighter.problems), self.body)

    @property
    def fields(self) -> int:
        return sum(editor.highlighter.fields for editor in self._shown)

    def wait(self) -> None:
        """Another text is on its way."""
        self.body.setReadOnly(True)

    def show_text(self, part: Part, *, rows: Sequence[tuple[int, Row]], subject: str, body: str) -> None:
        """A letter's rows, or the words of an e-mail or an SMS."""
        is_letter = part.channel is ChannelKind.LETTER
        self.channel.choose(part.channel)
        self._fill_audiences(part)
        self.tools.show_letters(yes=is_letter)
        self._window.setVisible(is_letter)
        self.page.setVisible(is_letter)
        self.subject.setVisible(part.channel is ChannelKind.EMAIL)
        self.body.highlighter.set_by_paragraph(yes=is_letter)
        self.show_dear(frozenset())
        with self.body.filling():
            if is_letter:
                self._letter.fill(rows)
                self.tools.show_state()
            else:
                self.body.fill(body)
        self.subject.fill(subject)
        self.body.setReadOnly(False)
        self._use(self.body)

    def show_letter_itself(self, *, yes: bool, has_word: bool) -> None:
        """Whether the e-mail that is shown is the letter; after `show_text`. It cannot where that is of Word."""
        self.form.setVisible(self.subject.isVisibleTo(self))
        self.form.choose(_ITSELF if yes else _TEXT)
        offered = self.form.part(_ITSELF)
        offered.setEnabled(yes or not has_word)
        offered.setToolTip(_ON_PAPER_ONLY if has_word else "")
        self.itself.setVisible(yes)
        self.body.setVisible(not yes)
        self.tools.setVisible(not yes)
        if yes:
            with self.body.filling():
                self.body.fill("")
            self._use(self.subject)

    def show_word(self, letter: WordLetter | None) -> None:
        """The document that stands in for the letter that is shown; after `show_text`."""
        self.word.setVisible(letter is not None)
        if letter is None:
            return
        self.body.hide()
        for widget in (self.tools, self._window, self.page):
            widget.hide()
        self.word.show_letter(letter)

    def show_models(self, names: Sequence[str], chosen: str) -> None:
        self.models.clear()
        self.models.addItems(list(names))
        self.models.setCurrentText(chosen)

    def show_dear(self, signs: frozenset[str]) -> None:
        self.body.highlighter.show_dear(signs)

    def show_status(self, status: Status) -> None:
        """Of the texts as they stand."""
        editor = self.faulty
        right, wrong = self._status_icons
        right.setVisible(not status.is_wrong)
        wrong.setVisible(status.is_wrong)
        place = "Objet\u00a0: " if status.is_wrong and editor is self.subject else ""
        self.status.setText(place + status.sentence)
        self.status.setToolTip(status.sentence)
        self.status.setStyleSheet(f"color: {TOKENS['erreur' if status.is_wrong else 'ok']};")
        self._fault = (editor, *status.place) if status.place else None
        suggestion = status.place[1].suggestion if status.place else ""
        self.fix.setText(f"Écrire {suggestion}" if suggestion else "Aller à l’erreur")
        self.fix.setVisible(status.place is not None)

    @property
    def _shown(self) -> tuple[FieldEdit, ...]:
        return (self.subject, self.body) if self.subject.isVisibleTo(self) else (self.body,)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(8)
        self.models = ComboBox()
        self.models.setAccessibleName("Modèle")
        self.models.setMinimumWidth(160)
        self.models.activated.connect(lambda: self.model_chosen.emit(self.models.currentText()))
        self.channel = Switch(
            "Ce qui part", [SwitchPart(kind, CHANNEL_LABELS[kind], icon) for kind, icon in CHANNEL_ICONS.items()]
        )
        self.channel.chosen.connect(lambda key: self.part_chosen.emit(parts_of(ChannelKind(key))[0]))
        self.save = secondary("Enregistrer", "floppy-disk")
        menu = tool("Autres actions sur ce modèle", "dots-three")
        self.actions_menu = QMenu(menu)
        self.new_action = self.actions_menu.addAction("Nouveau modèle…")
        self.word_action = self.actions_menu.addAction("Lettres d’un document Word…")
        self.take_letter_action = self.actions_menu.addAction("Reprendre le texte de la lettre")
        self.delete_action = self.actions_menu.addAction("Supprimer ce modèle…")
        self.actions_menu.addSeparator()
        self.discard_action = self.actions_menu.addAction("Abandonner le brouillon")
        self.restore_action = self.actions_menu.addAction("Revenir au texte fourni…")
        menu.clicked.connect(lambda: self.actions_menu.popup(menu.mapToGlobal(menu.rect().bottomLeft())))
        row.addWidget(self.models, 1)
        for widget in (self.channel, self.save, menu):
            row.addWidget(widget)
        return row

    def _strip(self) -> QFrame:
        """What stands above the words: whom the text speaks to, and what WebOrtho places by itself."""
        strip = QFrame()
        row = QHBoxLayout(strip)
        row.setContentsMargins(28, 10, 28, 4)
        row.setSpacing(16)
        left = QVBoxLayout()
        left.setSpacing(6)
        self.audience = ComboBox()
        self.audience.setAccessibleName("Ce texte s’adresse")
        self.audience.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
        self.audience.activated.connect(lambda place: self.part_chosen.emit(self._parts[place]))
        self.form = Switch(
            "Cet e-mail est", [SwitchPart(_TEXT, "Un texte"), SwitchPart(_ITSELF, "La lettre elle-même, en e-mail")]
        )
        self.form.chosen.connect(lambda key: self.letter_itself_chosen.emit(key == _ITSELF))
        whom = QHBoxLayout()
        whom.setSpacing(12)
        whom.addWidget(self.audience)
        whom.addWidget(self.form)
        whom.addStretch(1)
        left.addLayout(whom)
        self.page = link("En-tête, enveloppe et marges…", "frame-corners")
        self.page.setToolTip("WebOrtho place l’en-tête, la date et l’adresse\u00a0: changez ici comment")
        left.addWidget(self.page, 0, Qt.AlignmentFlag.AlignLeft)
        self.subject = FieldEdit("Objet de l’e-mail", one_line=True)
        left.addWidget(self.subject)
        left.addStretch(1)
        row.addLayout(left, 1)
        self._window = label("")
        self._window.setTextFormat(Qt.TextFormat.RichText)
        self._window.setText(_address_fields())
        self._window.setAccessibleName("Adresse dans la fenêtre de l’enveloppe")
        row.addWidget(self._window)
        return strip

    def _status_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(14, 4, 10, 4)
        row.setSpacing(8)
        self._status_icons = (picture("check-circle", "ok"), picture("warning-circle", "erreur"))
        self.status = label("", wrap=True)
        self.fix = link("")
        self.fix.clicked.connect(self._fix_first)
        for widget in self._status_icons:
            row.addWidget(widget)
        row.addWidget(self.status, 1)
        row.addWidget(self.fix)
        self.fix.hide()
        self.status.setMinimumHeight(34)
        return row

    def _edit_letter(self) -> None:
        audience = self._parts[self.audience.currentIndex()].audience
        self.part_chosen.emit(next(part for part in parts_of(ChannelKind.LETTER) if part.audience is audience))

    def _fill_audiences(self, part: Part) -> None:
        parts = parts_of(part.channel)
        self.audience.clear()
        self._parts = parts
        self.audience.addItems([PART_LABELS[one] for one in parts])
        self.audience.setCurrentIndex(parts.index(part))
        self.audience.setVisible(len(parts) > 1)

    def _use(self, editor: FieldEdit) -> None:
        self.tools.editor = editor

    def _on_edit(self) -> None:
        if not self.body.isReadOnly():
            self.tools.show_state()
            self.edited.emit()

    def _fix_first(self) -> None:
        """Go to the first fault, and write what was suggested in its place."""
        if self._fault is None:
            return
        editor, block, fault = self._fault
        editor.select_place(block, fault.start, fault.length)
        if fault.suggestion:
            editor.textCursor().insertText(fault.suggestion)


def _address_fields() -> str:
    style = f"background-color: {TOKENS['canard-100']}; color: {TOKENS['canard']}; font-family: '{CODE_FAMILY}'"
    lines = (
        " ".join(f'<span style="{style}"><b>&nbsp;{field}&nbsp;</b></span>' for field in fields)
        for fields in ADDRESS_FIELDS
    )
    return "<br>".join(lines)
