"""Réglages, Expéditeurs and Cabinet: what this computer's own settings hold."""

from collections.abc import Mapping

import msgspec
from PySide6.QtWidgets import QLineEdit, QTabWidget, QVBoxLayout, QWidget

from app.screen import Context
from app.settings import DeskSettings, read_settings
from app.setup import senders
from app.setup.section import Section
from app.setup.senders_form import EmailForm, SmsForm
from app.tasks import Reporter
from app.widgets.form import Field
from cabinet.dossier import Addressee
from merge.recipients import ChannelKind, email_of
from merge.record import CabinetFacts


class _DeskSection(Section):
    """Reads and writes `app.settings`."""

    def load(self) -> None:
        desk = self.context.desk

        def read(settings: DeskSettings) -> None:
            if not self.is_dirty:  # somebody was quicker than the disk
                self.filling(lambda: self.show_settings(settings))

        self.work(lambda _: read_settings(desk.settings_file), "Lecture des réglages…", read)

    def show_settings(self, settings: DeskSettings) -> None:
        raise NotImplementedError

    def keep(self, changes: Mapping[str, object], passwords: Mapping[ChannelKind, str], sentence: str) -> None:
        """Replace these parts of the settings, and leave all others as they are on disk now."""
        desk = self.context.desk

        def work(_: Reporter) -> DeskSettings:
            settings = msgspec.structs.replace(read_settings(desk.settings_file), **changes)
            senders.save(desk, settings, passwords)
            return settings

        def well(settings: DeskSettings) -> None:
            self.filling(lambda: self.show_settings(settings))
            self.saved(sentence)

        self.work(work, "Enregistrement…", well)


class SendersSection(_DeskSection):
    title = "Expéditeurs"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.email = EmailForm(lambda: context.desk, context.tasks, self._facts)
        self.sms = SmsForm(lambda: context.desk, context.tasks, self._facts)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Ce qui est envoyé")
        self.tabs.addTab(_page(self.email), "E-mails")
        self.tabs.addTab(_page(self.sms), "SMS")
        self.body.addWidget(self.tabs)
        self.email.changed.connect(self.edited)
        self.sms.changed.connect(self.edited)

    def show_settings(self, settings: DeskSettings) -> None:
        self.email.show_settings(settings.smtp)
        self.sms.show_settings(settings.sms)

    def save(self) -> None:
        smtp, sms = self.email.checked(), self.sms.checked()
        if smtp is None or sms is None:
            self.tabs.setCurrentIndex(0 if smtp is None else 1)
            return
        passwords = {ChannelKind.EMAIL: self.email.typed.password, ChannelKind.SMS: self.sms.typed.password}
        self.keep({"smtp": smtp, "sms": sms}, passwords, "Les expéditeurs sont enregistrés.")

    def _facts(self) -> CabinetFacts:
        identity = self.context.board.identity
        return senders.facts_for(self.context.desk.config, identity.cabinet_name if identity else "")


class CabinetSection(_DeskSection):
    title = "Cabinet"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.signatory = QLineEdit()
        self.city = QLineEdit()
        self.reply_email = QLineEdit()
        self.reply_field = Field(
            "Adresse e-mail où les patients répondent",
            self.reply_email,
            "Vide\u00a0: l’adresse de contact du portail.",
        )
        self.body.addWidget(Field("Signataire des lettres et e-mails", self.signatory, "Par exemple Docteur Rivière."))
        self.body.addWidget(Field("Ville", self.city, "Celle de «\u00a0Dijon, le 12 janvier\u00a0»."))
        self.body.addWidget(self.reply_field)
        self.body.addStretch(1)
        for edit in (self.signatory, self.city, self.reply_email):
            edit.textEdited.connect(lambda _: self.edited())

    def show_settings(self, settings: DeskSettings) -> None:
        self.signatory.setText(settings.signatory)
        self.city.setText(settings.city)
        self.reply_email.setText(settings.reply_email)
        self.reply_field.say_wrong("")

    def save(self) -> None:
        typed = self.reply_email.text().strip()
        address = email_of(Addressee(email=typed)) if typed else ""
        is_wrong = bool(typed) and not address
        complaint = "Cette adresse e-mail est incomplète. Exemple\u00a0: cabinet@exemple.fr"
        self.reply_field.say_wrong(complaint if is_wrong else "")
        if is_wrong:
            self.reply_email.setFocus()
            return
        changes = {"signatory": self.signatory.text().strip(), "city": self.city.text().strip(), "reply_email": address}
        self.keep(changes, {}, "Les réglages du cabinet sont enregistrés.")


def _page(form: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(4, 12, 4, 4)
    column.addWidget(form)
    column.addStretch(1)
    return page
