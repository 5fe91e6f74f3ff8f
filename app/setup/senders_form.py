"""The forms of e-mails and SMS, each with a trial that really sends; shared by Réglages and the first-run assistant."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.desk.desk import Desk
from app.errors import Trouble
from app.settings import SmsKind, SmsSettings, SmtpSettings
from app.setup import senders
from app.setup.senders import TypedEmail, TypedSms, Wrong, sms_of, smtp_of, typed_email, typed_sms
from app.tasks import Reporter, Tasks
from app.widgets.busy import BusyLine
from app.widgets.buttons import secondary
from app.widgets.entries import ComboBox
from app.widgets.form import Field
from app.widgets.notice import Notice
from app.widgets.panel import line
from app.widgets.pill import Kind
from merge.channels.http_gateway import Method, NumberForm
from merge.channels.smtp import Security
from merge.record import CabinetFacts

Choice = TypeVar("Choice")
Facts = Callable[[], CabinetFacts]

_SECURITIES = (
    (Security.STARTTLS, "STARTTLS (souvent le port 587)"),
    (Security.TLS, "TLS (souvent le port 465)"),
    (Security.NONE, "Aucun (serveur de ce poste seulement)"),
)
_KINDS = (
    (SmsKind.NONE, "Pas de SMS"),
    (SmsKind.HTTP, "Une passerelle SMS par Internet"),
    (SmsKind.FILE, "Un fichier CSV à déposer chez un prestataire"),
)
_METHODS = ((Method.POST, "POST, formulaire"), (Method.JSON, "POST, JSON"), (Method.GET, "GET, dans l’adresse"))
_FORMS = (
    (NumberForm.PLUS, "+33639981234"),
    (NumberForm.DIGITS, "33639981234"),
    (NumberForm.ZEROS, "0033639981234"),
)
_KEPT = "Laissez vide pour garder l’actuel."


class Options(ComboBox, Generic[Choice]):
    """A choice of few; each has its value. Qt would hand them back as plain text."""

    def __init__(self, options: Sequence[tuple[Choice, str]]) -> None:
        super().__init__()
        self._values = [value for value, _ in options]
        self.addItems([words for _, words in options])

    @property
    def chosen(self) -> Choice:
        return self._values[self.currentIndex()]

    def choose(self, value: Choice) -> None:
        self.setCurrentIndex(self._values.index(value))


class _EnterEdit(QLineEdit):
    """Enter is for this field's own button, and not for the window's."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class Trial(QWidget):
    """« Essayer » : an address, a button that sends, and the sentence of how it went."""

    def __init__(self, name: str, aid: str, button: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.to = _EnterEdit()
        self.to_field = Field(name, self.to, aid)
        self.button = secondary(button, "paper-plane-tilt")
        row.addWidget(self.to_field, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(row)
        self.busy = BusyLine()
        self.said = Notice()
        column.addWidget(self.busy)
        column.addWidget(self.said)
        self.to.entered.connect(self.button.click)

    def run(self, tasks: Tasks, send: Callable[[], str]) -> None:
        """Send off the interface's thread; what comes back is shown."""
        self.button.setEnabled(False)
        self.said.hide()
        self.busy.begin("Envoi de l’essai…")

        def ended() -> None:
            self.busy.end()
            self.button.setEnabled(True)

        def done(sentence: str) -> None:
            ended()
            self.said.say(Kind.OK, sentence, "Vérifiez qu’il est bien arrivé.")

        def failed(trouble: Trouble) -> None:
            ended()
            self.said.say_trouble(trouble)

        def work(_: Reporter) -> str:
            return send()

        tasks.run(work, done=done, failed=failed, owner=self)


class _Form(QWidget):
    """Fields in two columns, by name; `changed` at each keystroke."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(12)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        self.column.addLayout(self.grid)
        self.fields: dict[str, Field] = {}

    def add(self, key: str, field: Field, row: int, place: int, span: int = 1) -> None:
        self.fields[key] = field
        self.grid.addWidget(field, row, place, 1, span, Qt.AlignmentFlag.AlignTop)
        entry = field.entry
        if isinstance(entry, QLineEdit | QPlainTextEdit):
            entry.textChanged.connect(lambda *_: self.changed.emit())
        elif isinstance(entry, ComboBox):
            entry.currentIndexChanged.connect(lambda _: self.changed.emit())

    def line(self, key: str, name: str, row: int, place: int, aid: str = "") -> QLineEdit:
        edit = QLineEdit()
        self.add(key, Field(name, edit, aid), row, place)
        return edit

    def options(
        self, key: str, name: str, options: Sequence[tuple[Choice, str]], row: int, place: int
    ) -> Options[Choice]:
        made = Options(options)
        self.add(key, Field(name, made), row, place)
        return made

    def secret(self, name: str, row: int, place: int) -> QLineEdit:
        edit = self.line("password", name, row, place, _KEPT)
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        return edit

    def show_wrong(self, wrong: Wrong) -> bool:
        """Complain below each field; the first wrong one takes the focus. Whether all is well."""
        for key, field in self.fields.items():
            field.say_wrong(wrong.get(key, ""))
        first = next((field for key, field in self.fields.items() if key in wrong), None)
        if first is not None:
            first.entry.setFocus()
        return not wrong


class EmailForm(_Form):
    def __init__(self, desk: Callable[[], Desk], tasks: Tasks, facts: Facts) -> None:
        super().__init__()
        self._desk, self._tasks, self._facts = desk, tasks, facts
        self.host = self.line("host", "Serveur d’envoi (SMTP)", 0, 0, "Votre fournisseur d’e-mail l’indique.")
        self.port = self.line("port", "Port", 0, 1, "Le plus souvent 587 ou 465.")
        self.security = self.options("security", "Chiffrement", _SECURITIES, 1, 0)
        self.per_minute = self.line("per_minute", "E-mails par minute", 1, 1)
        self.user = self.line("user", "Identifiant", 2, 0, "Vide si le serveur n’en demande pas.")
        self.password = self.secret("Mot de passe", 2, 1)
        self.sender_address = self.line("sender_address", "Adresse de l’expéditeur", 3, 0)
        self.sender_name = self.line("sender_name", "Nom de l’expéditeur", 3, 1)
        self.column.addWidget(line())
        self.trial = Trial(
            "Adresse pour l’essai", "Un vrai e-mail y est envoyé, avec ce qui est écrit ci-dessus.", "Envoyer un essai"
        )
        self.trial.button.clicked.connect(self._try)
        self.column.addWidget(self.trial)

    @property
    def typed(self) -> TypedEmail:
        return TypedEmail(
            host=self.host.text(),
            port=self.port.text(),
            security=self.security.chosen,
            user=self.user.text(),
            password=self.password.text(),
            sender_name=self.sender_name.text(),
            sender_address=self.sender_address.text(),
            per_minute=self.per_minute.text(),
        )

    def show_settings(self, smtp: SmtpSettings) -> None:
        typed = typed_email(smtp)
        self.host.setText(typed.host)
        self.port.setText(typed.port)
        self.security.choose(typed.security)
        self.user.setText(typed.user)
        self.password.clear()
        self.sender_name.setText(typed.sender_name)
        self.sender_address.setText(typed.sender_address)
        self.per_minute.setText(typed.per_minute)
        self.show_wrong({})

    def checked(self) -> SmtpSettings | None:
        """What to keep; None when something is wrong, which is then shown."""
        settings, wrong = smtp_of(self.typed)
        return settings if self.show_wrong(wrong) else None

    def _try(self) -> None:
        if self.checked() is not None:
            work = partial(senders.try_email, self._desk(), self.typed, self.trial.to.text(), self._facts())
            self.trial.run(self._tasks, work)


class SmsForm(_Form):
    def __init__(self, desk: Callable[[], Desk], tasks: Tasks, facts: Facts) -> None:
        super().__init__()
        self._desk, self._tasks, self._facts = desk, tasks, facts
        self.kind = self.options("kind", "Envoi des SMS", _KINDS, 0, 0)
        self.price = self.line("price", "Prix d’un SMS, en euros", 0, 1)
        self.url = self.line("url", "Adresse de la passerelle", 1, 0)
        self.method = self.options("method", "Méthode", _METHODS, 1, 1)
        self.user = self.line("user", "Identifiant", 2, 0)
        self.password = self.secret("Mot de passe ou clé", 2, 1)
        self.shown_sender = self.line("sender", "Expéditeur affiché", 3, 0)
        self.number_form = self.options("number_form", "Écriture des numéros", _FORMS, 3, 1)
        self.parameters = self._text("parameters", "Paramètres", "Un par ligne\u00a0: to = {number}", 4, 0)
        self.headers = self._text("headers", "En-têtes", "Un par ligne\u00a0: Authorization = Bearer {password}", 4, 1)
        self.accepted = self.line("accepted", "La réponse contient, si le SMS est accepté", 5, 0)
        self.refused = self.line("refused", "La réponse contient, s’il est refusé", 5, 1)
        self.file = self.line("file", "Fichier CSV", 6, 0, "Vide\u00a0: sms.csv, à côté de la configuration.")
        self.per_minute = self.line("per_minute", "SMS par minute", 6, 1)
        self.column.addWidget(line())
        self.trial = Trial(
            "Mobile pour l’essai", "Un vrai SMS y est envoyé, au prix de votre opérateur.", "Envoyer un essai"
        )
        self.trial.button.clicked.connect(self._try)
        self.column.addWidget(self.trial)
        self.kind.currentIndexChanged.connect(lambda _: self._show_kind())
        self._show_kind()

    def _text(self, key: str, name: str, aid: str, row: int, place: int) -> QPlainTextEdit:
        edit = QPlainTextEdit()
        edit.setFixedHeight(84)
        edit.setTabChangesFocus(True)
        self.add(key, Field(name, edit, aid), row, place)
        return edit

    def _show_kind(self) -> None:
        kind = self.kind.chosen
        for key, field in self.fields.items():
            of_file = key == "file"
            always = key in ("kind", "price", "per_minute")
            field.setVisible(always or (kind is SmsKind.FILE if of_file else kind is SmsKind.HTTP))
        self.trial.setVisible(kind is not SmsKind.NONE)

    @property
    def typed(self) -> TypedSms:
        return TypedSms(
            kind=self.kind.chosen,
            url=self.url.text(),
            method=self.method.chosen,
            parameters=self.parameters.toPlainText(),
            headers=self.headers.toPlainText(),
            accepted=self.accepted.text(),
            refused=self.refused.text(),
            number_form=self.number_form.chosen,
            sender=self.shown_sender.text(),
            user=self.user.text(),
            password=self.password.text(),
            file=self.file.text(),
            price=self.price.text(),
            per_minute=self.per_minute.text(),
        )

    def show_settings(self, sms: SmsSettings) -> None:
        typed = typed_sms(sms)
        for edit, text in (
            (self.url, typed.url),
            (self.accepted, typed.accepted),
            (self.refused, typed.refused),
            (self.shown_sender, typed.sender),
            (self.user, typed.user),
            (self.file, typed.file),
            (self.price, typed.price),
            (self.per_minute, typed.per_minute),
        ):
            edit.setText(text)
        self.password.clear()
        self.parameters.setPlainText(typed.parameters)
        self.headers.setPlainText(typed.headers)
        self.kind.choose(typed.kind)
        self.method.choose(typed.method)
        self.number_form.choose(typed.number_form)
        self.show_wrong({})
        self._show_kind()

    def checked(self) -> SmsSettings | None:
        settings, wrong = sms_of(self.typed)
        return settings if self.show_wrong(wrong) else None

    def _try(self) -> None:
        if self.checked() is not None:
            work = partial(senders.try_sms, self._desk(), self.typed, self.trial.to.text(), self._facts())
            self.trial.run(self._tasks, work)
