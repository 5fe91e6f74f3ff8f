"""The preview at the right of the texts: any record's letter as the very page, its e-mail, its SMS with the meter."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QByteArray, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTextBrowser, QVBoxLayout, QWidget

from app import style
from app.mailing.pdf_page import PdfPage
from app.mailing.picker import Picker
from app.mailing.previews import EmailPreview, LetterPreview, Preview, SmsPreview
from app.widgets.buttons import secondary, tool
from app.widgets.elided import ElidedLabel
from app.widgets.labels import code, label
from app.widgets.panel import line
from app.widgets.pill import Kind, Pill, PillData
from app.widgets.progress import Bar
from app.widgets.switch import Part as SwitchPart
from app.widgets.switch import Switch
from app.widgets.table_model import Column, Look
from merge.french import agree
from merge.recipients import Recipient
from sync.wording import number

WIDTH, NARROWEST = 432, 384
_NBSP = "\u00a0"
SHORTEST_SMS = {"GSM-7": 160, "UCS-2": 70}


class PreviewPane(QFrame):
    """`show_record` and `show_preview`; it asks for nothing by itself."""

    record_chosen = Signal(int)
    """The place, from 0, of the record to show."""
    replacement_wanted = Signal()
    """Put safe characters for those that make the SMS dearer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDTH)
        self._records: Sequence[Recipient] = ()
        self._place = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(line())
        self._stack = QStackedWidget()
        self.page = PdfPage("Aperçu de la lettre")
        self.email = _EmailPage()
        self.sms = _SmsPage()
        self.sms.replacement_wanted.connect(self.replacement_wanted)
        self._words = label("", "quiet", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setContentsMargins(24, 24, 24, 24)
        for widget in (self._words, self.page, self.email, self.sms):
            self._stack.addWidget(widget)
        column.addWidget(self._stack, 1)
        column.addWidget(line())
        column.addLayout(self._foot())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(WIDTH, super().sizeHint().height())

    @property
    def words(self) -> str:
        """What stands in the place of a preview, "" while there is one."""
        return self._words.text() if self._stack.currentWidget() is self._words else ""

    @property
    def place(self) -> int:
        return self._place

    def show_records(self, records: Sequence[Recipient], place: int) -> None:
        """Those to choose from, and the one that is shown."""
        self._records = records
        self._place = min(place, max(0, len(records) - 1))
        many = len(records)
        self._count.setText(f"{number(self._place + 1)} / {number(many)}" if many else "–")
        for button, possible in zip(self._buttons, (self._place > 0,) * 2 + (self._place < many - 1,) * 2, strict=True):
            button.setEnabled(possible)
        record = records[self._place] if records else None
        numbers = record.numbers if record else ()
        self._number.setText(f"{numbers[0]} +{len(numbers) - 1}" if len(numbers) > 1 else "".join(numbers))
        self._number.setToolTip(", ".join(numbers))
        self._name.setText(_short(record.name) if record else "")
        self._name.setToolTip(record.name if record else "")

    def show_preview(self, preview: Preview) -> None:
        problems = preview.problems
        if isinstance(preview, LetterPreview):
            if preview.pdf:
                self.page.show_page(preview.pdf)
                self._stack.setCurrentWidget(self.page)
            else:
                self.say("Cette lettre ne partira pas.\n\n" + "\n\n".join(problems))
            state = PillData(Kind.ERROR, "À corriger") if problems else PillData(Kind.OK, "Adresse complète")
        elif isinstance(preview, EmailPreview):
            self.email.show_email(preview)
            self._stack.setCurrentWidget(self.email)
            state = PillData(Kind.ERROR, "À corriger") if problems else PillData(Kind.OK, "E-mail complet")
        else:
            self.sms.show_sms(preview)
            self._stack.setCurrentWidget(self.sms)
            longer = preview.measure.segments > 1
            state = PillData(Kind.ALERT, "En plusieurs parties") if longer else PillData(Kind.OK, "Un seul SMS")
            state = PillData(Kind.ERROR, "À corriger") if problems else state
        self._state.show_state(state)
        self._state.setToolTip("\n".join(problems))
        self._state.show()

    def say(self, sentence: str) -> None:
        """In the place of a preview."""
        self._words.setText(sentence)
        self._state.hide()
        self._stack.setCurrentWidget(self._words)

    def choose_by_name(self) -> None:
        """Ask for a record by its number or name."""
        items = list(enumerate(self._records))
        columns: list[Column[tuple[int, Recipient]]] = [
            Column("N°", lambda item: " ".join(item[1].numbers), Look.CODE, 150),
            Column("Destinataire", lambda item: item[1].name, Look.STRONG),
            Column("Patient", lambda item: _patients(item[1])),
        ]
        picker = Picker(
            self,
            "Choisir un dossier",
            "Nom ou N°",
            "Afficher",
            columns=columns,
            items=items,
            words=lambda item: f"{' '.join(item[1].numbers)} {item[1].name} {_patients(item[1])}",
        )
        if picker.exec() and picker.chosen:
            self.record_chosen.emit(picker.chosen[0])

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(5)
        row.addWidget(label("Aperçu", "heading"))
        row.addStretch(1)
        search = tool("Choisir un dossier par son nom", "magnifying-glass")
        search.clicked.connect(self.choose_by_name)
        self._count = label("–", "strong")
        self._count.setAccessibleName("Dossier affiché")
        steps = (
            ("Premier dossier", "caret-double-left", lambda: 0),
            ("Dossier précédent", "caret-left", lambda: self._place - 1),
            ("Dossier suivant", "caret-right", lambda: self._place + 1),
            ("Dernier dossier", "caret-double-right", lambda: len(self._records) - 1),
        )
        self._buttons = []
        for name, icon, target in steps:
            button = tool(name, icon)
            button.clicked.connect(lambda _=False, target=target: self.record_chosen.emit(target()))
            self._buttons.append(button)
        row.addWidget(search)
        row.addSpacing(6)
        for widget in (*self._buttons[:2], self._count, *self._buttons[2:]):
            row.addWidget(widget)
        self._count.setMinimumWidth(84)
        self._count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(10)
        self._number = code("")
        self._name = label("")
        self._state = Pill(Kind.OK, "")
        self._state.hide()
        row.addWidget(self._number)
        row.addWidget(self._name)
        row.addStretch(1)
        row.addWidget(self._state)
        return row


class _MailReader(QTextBrowser):
    """Shows a message's HTML with the pictures that are inside it; nothing is fetched, no link is followed."""

    def __init__(self) -> None:
        super().__init__()
        self._images: Mapping[str, bytes] = {}
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTextBrowser, QTextBrowser:focus { border: none; padding: 0; }")

    def show_html(self, html: str, images: Mapping[str, bytes]) -> None:
        """On white: this reader gives each paragraph the ground of the card that it stands on, and no padding.

        `images` by what stands after « cid: ».
        """
        self._images = images
        self.setHtml(html)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        white = QTextBlockFormat()
        white.setBackground(style.colour("surface"))
        cursor.mergeBlockFormat(white)
        frame = self.document().rootFrame().frameFormat()
        frame.setBackground(style.colour("surface"))
        self.document().rootFrame().setFrameFormat(frame)

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: ARG002, N802 - Qt's signature
        url = QUrl(name)
        image = self._images.get(url.path()) if url.scheme() == "cid" else None
        return QImage.fromData(image) if image else QByteArray()


class _EmailPage(QWidget):
    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 0)
        column.setSpacing(6)
        self.to = ElidedLabel("", "quiet")
        self.subject = label("", "strong", wrap=True)
        self.switch = Switch(
            "Forme de l’e-mail", [SwitchPart("html", "Mise en page"), SwitchPart("text", "Texte seul")]
        )
        self._stack = QStackedWidget()
        self.html = _MailReader()
        self.html.setAccessibleName("Aperçu de l’e-mail, mise en page")
        self.text = _MailReader()
        self.text.setAccessibleName("Aperçu de l’e-mail, texte seul")
        self._stack.addWidget(self.html)
        self._stack.addWidget(self.text)
        self.switch.chosen.connect(lambda key: self._stack.setCurrentIndex(int(key == "text")))
        top = QHBoxLayout()
        top.addWidget(self.to, 1)
        top.addWidget(self.switch)
        column.addLayout(top)
        column.addWidget(self.subject)
        column.addWidget(line())
        column.addWidget(self._stack, 1)

    def show_email(self, email: EmailPreview) -> None:
        self.to.show_text(f"À{_NBSP}: {email.to}")
        self.subject.setText(email.subject)
        self.html.show_html(email.html, email.images)
        self.text.setPlainText(email.text)


class _SmsPage(QWidget):
    replacement_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        self._to = label("", "quiet")
        bubble = QFrame()
        bubble.setProperty("role", "notice-info")
        inside = QVBoxLayout(bubble)
        inside.setContentsMargins(16, 12, 16, 12)
        self.text = label("", wrap=True)
        self.text.setAccessibleName("Aperçu du SMS")
        inside.addWidget(self.text)
        self.meter = label("", "strong", wrap=True)
        self._bar = Bar("Place utilisée dans le SMS")
        self.dear = label("", "quiet", wrap=True)
        self.replace = secondary("Remplacer ces caractères dans le texte", "swap")
        self.replace.clicked.connect(self.replacement_wanted)
        for widget in (self._to, bubble, self.meter, self._bar, self.dear, self.replace):
            column.addWidget(widget)
        column.addStretch(1)

    def show_sms(self, sms: SmsPreview) -> None:
        measure = sms.measure
        self._to.setText(f"Au {sms.to}")
        self.text.setText(sms.text)
        self.meter.setText(
            f"{agree(measure.units, 'caractère', 'caractères')} · {measure.encoding} · {measure.segments}{_NBSP}SMS · "
            f"encore {measure.room}"
        )
        alone = SHORTEST_SMS[measure.encoding]
        over = measure.segments > 1
        self._bar.show_part(1 if over else measure.units / alone, "alerte" if over else "canard")
        self.dear.setText(_about_dear(sms))
        self.dear.setVisible(bool(sms.offending))
        self.replace.setVisible(any(one.offered is not None for one in sms.offending))


def _about_dear(sms: SmsPreview) -> str:
    swaps = [f"« {one.sign} » devient « {one.offered} »" for one in sms.offending if one.offered is not None]
    kept = [f"« {one.sign} »" for one in sms.offending if one.offered is None]
    sentences = []
    if swaps:
        sentences.append(f"À l’envoi, pour ne pas renchérir le SMS\u00a0: {', '.join(swaps)}.")
    if kept:
        sentences.append(f"{', '.join(kept)} : sans équivalent, la longueur permise tombe à 70 caractères.")
    return " ".join(sentences)


def _patients(recipient: Recipient) -> str:
    return ", ".join(f"{one.patient.last_name} {one.patient.first_name}".strip() for one in recipient.dossiers)


def _short(name: str) -> str:
    return name if len(name) <= 26 else name[:25] + "…"
