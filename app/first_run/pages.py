"""The assistant's steps: portal, senders, first publication. Export and content are in `source_pages`."""

import contextlib
from functools import partial

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QTabWidget, QVBoxLayout, QWidget

from app.desk.desk import Desk
from app.desk.sharing import Shared, Sharing, taken_sentence
from app.errors import Trouble
from app.first_run.draft import Draft
from app.first_run.page import Journey, Page
from app.publishing import history, pipeline
from app.publishing.pipeline_view import PipelineView
from app.publishing.runs import Finished, carry_out
from app.settings import DeskSettings, read_settings
from app.setup import senders
from app.setup.enrolment import ROLES, completed_address, default_device_name, understand, wrong_code
from app.setup.senders_form import EmailForm, SmsForm
from app.tasks import Reporter
from app.widgets.buttons import link
from app.widgets.form import Field
from app.widgets.pill import Kind
from app.widgets.progress import ProgressRow
from app.widgets.scrolled import Scrolled
from cabinet.errors import WebOrthoError
from merge.recipients import ChannelKind
from merge.record import CabinetFacts
from portal.api.shapes import Enrolled, Role
from sync.config import SyncConfig, read_config
from sync.enrolment import enrol
from sync.errors import ConfigError
from sync.plan import Plan
from sync.run import Progress
from sync.telling import outcome
from sync.wording import counted


def _taken(desk: Desk, reporter: Reporter) -> Shared:
    """What the cabinet's other computers share. Without it this one is set up by hand, as a first one is."""
    with contextlib.suppress(WebOrthoError), desk.portal(reporter.cancel) as portal:
        return Sharing(desk, portal.documents, may_save=False).compare()
    return Shared()


class PortalPage(Page):
    def __init__(self, journey: Journey) -> None:
        super().__init__(
            journey,
            "Relier ce poste au portail",
            "Recopiez l’adresse et le code reçus de votre hébergeur, ou d’un praticien du cabinet. Vous pouvez coller "
            "le message entier dans l’une des cases.",
        )
        self.address = QLineEdit()
        self.code = QLineEdit()
        self.code.setProperty("role", "mono")
        self.device_name = QLineEdit()
        self.address_field = Field("Adresse du portail", self.address, "Par exemple https://portail.exemple.fr")
        self.code_field = Field("Code d’enrôlement", self.code, "Il sert une seule fois, dans les 48 heures.")
        self.name_field = Field("Nom de ce poste", self.device_name, "Les autres postes du cabinet le verront.")
        self.again = link("Utiliser un autre code")
        self.again.clicked.connect(self._unlock)
        for widget in (self.address_field, self.code_field, self.name_field, self.busy):
            self.column.addWidget(widget)
        self.column.addWidget(self.again)
        self.column.addStretch(1)
        for edit in (self.address, self.code):
            edit.textChanged.connect(partial(self._pasted, edit))
        self._enrolled = False
        self._anew = False
        """A person wants another code than the one that this computer is enrolled by."""

    def enter(self) -> None:
        draft = self.journey.draft
        self.address.setText(draft.address)
        self.device_name.setText(draft.device_name or default_device_name())
        enrolled_for = draft.cabinet_name or self._config().cabinet
        self._enrolled = bool(enrolled_for) and self.journey.config_file.exists() and not self._anew
        for field in (self.address_field, self.code_field, self.name_field):
            field.setEnabled(not self._enrolled)
        self.again.setVisible(self._enrolled)
        if self._enrolled:
            self.notice.say(Kind.OK, f"Ce poste est relié au portail de {enrolled_for}.")
        else:
            self.notice.hide()
            (self.code if draft.address else self.address).setFocus()

    def keep(self) -> Draft:
        return msgspec.structs.replace(
            self.journey.draft, address=self.address.text().strip(), device_name=self.device_name.text().strip()
        )

    def proceed(self) -> None:
        if self._enrolled:
            self.passed.emit()
            return
        address = completed_address(self.address.text())
        name = self.device_name.text().strip()
        wrong = {
            self.address_field: "" if address else "Tapez l’adresse du portail.",
            self.code_field: wrong_code(self.code.text()),
            self.name_field: "" if name else "Donnez un nom à ce poste, par exemple Accueil.",
        }
        for field, sentence in wrong.items():
            field.say_wrong(sentence)
        if first := next((field for field, sentence in wrong.items() if sentence), None):
            first.entry.setFocus()
            return
        path = self.journey.config_file
        config = msgspec.structs.replace(self._config(), portal=address)
        code = understand(self.code.text()).code

        def work(reporter: Reporter) -> tuple[Enrolled, Shared]:
            enrolled = enrol(config, path, lambda: code, name)
            return enrolled, _taken(self.journey.desk(), reporter)

        self.work(work, "Vérification du code auprès du portail…", lambda both: self._done(*both))

    def _done(self, enrolled: Enrolled, shared: Shared) -> None:
        self.code.clear()
        self._anew = False
        mapping = self._config().mapping
        self.journey.draft = msgspec.structs.replace(
            self.keep(),
            cabinet_name=enrolled.cabinet_name,
            mapping=str(self.journey.config_file.parent / mapping) if mapping else self.journey.draft.mapping,
            taken=taken_sentence(shared),
        )
        if enrolled.role is Role.SYNC:
            self.enter()
            self.notice.say(
                Kind.ALERT,
                f"Ce code est celui d’un poste «\u00a0{ROLES[Role.SYNC]}\u00a0»\u00a0: cette application n’y verra ni "
                "messages ni accès.",
                "Demandez plutôt un code «\u00a0Accueil\u00a0» ou «\u00a0Praticien\u00a0», ou continuez pour publier.",
            )
            return
        self.passed.emit()

    def failed(self, trouble: Trouble) -> None:
        super().failed(trouble)
        # The code is what is most often mistyped; an address that does not answer is a press of Shift+Tab away.
        self.code.setFocus()
        self.code.selectAll()

    def _unlock(self) -> None:
        self._anew = True
        self.enter()
        self.code.setFocus()

    def _config(self) -> SyncConfig:
        """What is written already; the first one where there is none, or one that cannot be used: it is replaced."""
        path = self.journey.config_file
        try:
            return read_config(path) if path.exists() else self.journey.first_config
        except ConfigError:
            return self.journey.first_config

    def _pasted(self, edit: QLineEdit, text: str) -> None:
        """A whole message in one of the two: each part goes to its place."""
        found = understand(text)
        if edit is self.address and found.code:
            self.code.setText(found.code)
            edit.setText(found.address)
        elif edit is self.code and found.address:
            self.address.setText(found.address)
            edit.setText(found.code)


class SendersPage(Page):
    skipped = Signal()

    def __init__(self, journey: Journey) -> None:
        super().__init__(
            journey,
            "Régler l’envoi des e-mails et des SMS",
            "Pour annoncer le portail aux patients. Vous pouvez passer cette étape et y revenir dans les "
            "Réglages\u00a0: les lettres s’impriment sans rien régler.",
        )
        self.email = EmailForm(journey.desk, journey.tasks, self._facts)
        self.sms = SmsForm(journey.desk, journey.tasks, self._facts)
        tabs = QTabWidget()
        tabs.setAccessibleName("Ce qui est envoyé")
        tabs.addTab(_scrolled("E-mails", self.email), "E-mails")
        tabs.addTab(_scrolled("SMS", self.sms), "SMS")
        self.tabs = tabs
        self.column.addWidget(tabs, 1)
        self.column.addWidget(self.busy)
        self.skip = link("Passer cette étape")
        self.skip.clicked.connect(self.passed)
        self._filled = False

    def enter(self) -> None:
        if self._filled:
            return
        self._filled = True
        desk = self.journey.desk()

        def done(settings: DeskSettings) -> None:
            self.email.show_settings(settings.smtp)
            self.sms.show_settings(settings.sms)
            self.email.host.setFocus()

        self.work(lambda _: read_settings(desk.settings_file), "Lecture des réglages…", done)

    def proceed(self) -> None:
        smtp, sms = self.email.checked(), self.sms.checked()
        if smtp is None or sms is None:
            self.tabs.setCurrentIndex(0 if smtp is None else 1)
            return
        desk = self.journey.desk()
        passwords = {ChannelKind.EMAIL: self.email.typed.password, ChannelKind.SMS: self.sms.typed.password}

        def work(_: Reporter) -> None:
            settings = msgspec.structs.replace(read_settings(desk.settings_file), smtp=smtp, sms=sms)
            senders.save(desk, settings, passwords)

        self.work(work, "Enregistrement…", lambda _: self.passed.emit())

    def _facts(self) -> CabinetFacts:
        return senders.facts_for(self.journey.desk().config, self.journey.draft.cabinet_name)


_PUBLISH, _OPEN = "Publier les dossiers", "Ouvrir WebOrtho"
_PUBLISHING = (
    "WebOrtho lit l’export, le compare au portail et envoie les dossiers. Aucun patient n’est prévenu\u00a0: vous "
    "l’annoncerez quand vous le voudrez."
)
_FIRST_TIME = "Publier les dossiers pour la première fois"
_LEFT_TO_OTHERS = "Un autre poste du cabinet lit l’export et publie les dossiers."


class PublishPage(Page):
    next_label = _PUBLISH

    def __init__(self, journey: Journey) -> None:
        super().__init__(
            journey,
            _FIRST_TIME,
            _PUBLISHING,
        )
        self.pipeline = PipelineView()
        self.progress = ProgressRow()
        self.progress.cancelled.connect(self.cancel)
        self.column.addWidget(self.pipeline)
        self.column.addWidget(self.progress)
        self.column.addStretch(1)
        self.finished: Finished | None = None

    def enter(self) -> None:
        self.notice.hide()
        reads = self.journey.draft.reads_source
        self.pipeline.setVisible(reads)
        self.title.setText(_FIRST_TIME if reads else "Ce poste est prêt")
        self.sentence.setText(_PUBLISHING if reads else _LEFT_TO_OTHERS)
        self.next_label = _PUBLISH if reads else _OPEN
        self.busy_changed.emit(False)

    def proceed(self) -> None:
        if self.finished is not None or not self.journey.draft.reads_source:
            self.passed.emit()
            return
        desk = self.journey.desk()
        self.pipeline.show_pipeline(pipeline.started())
        self.progress.begin("Lecture de l’export…")
        self.work(partial(carry_out, desk), "", self._done)

    def progressed(self, news: object) -> None:
        shown = self.pipeline.pipeline
        if isinstance(news, Progress):
            self.pipeline.show_pipeline(pipeline.progressed(shown, news))
            self.progress.say(pipeline.step_words(news), pipeline.part_done(news))
        elif isinstance(news, Plan):
            self.pipeline.show_pipeline(pipeline.planned(shown, news))

    def failed(self, trouble: Trouble) -> None:
        self.progress.end()
        self.pipeline.show_pipeline(pipeline.stopped(self.pipeline.pipeline))
        super().failed(trouble)

    def _done(self, finished: Finished) -> None:
        self.finished = finished
        self.progress.end()
        self.pipeline.show_pipeline(pipeline.of_report(finished.report))
        refused = history.refused_lines(finished.report)
        ignored = counted(refused, "ligne ignorée", "lignes ignorées")
        todo = f"{ignored}\u00a0: le détail est dans Synchronisation." if refused else "Tout est prêt."
        self.notice.say(Kind.ALERT if refused else Kind.OK, " ".join(outcome(finished.report)), todo)
        self.next_label = _OPEN
        self.busy_changed.emit(False)


def _scrolled(name: str, form: QWidget) -> Scrolled:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(4, 12, 12, 12)
    column.addWidget(form)
    column.addStretch(1)
    return Scrolled(name, page)
