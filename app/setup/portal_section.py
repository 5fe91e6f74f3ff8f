"""Réglages, Portail: whom the portal takes this computer for, whether it answers, and a new enrolment."""

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.board import Connection
from app.screen import Context
from app.setup.enrolment import ROLES, completed_address, default_device_name, understand, wrong_code
from app.setup.section import Section, fact
from app.tasks import Reporter
from app.widgets.buttons import primary, secondary
from app.widgets.form import Field
from app.widgets.labels import code, label
from app.widgets.panel import line
from app.widgets.pill import Kind, Pill, PillData
from portal.api.shapes import Enrolled, Self
from sync.config import read_config
from sync.enrolment import enrol

UNKNOWN = "Connu dès que le portail répond"

_CONNECTIONS = {
    Connection.UNKNOWN: PillData(Kind.NEUTRAL, "Pas encore essayé"),
    Connection.ONLINE: PillData(Kind.OK, "En ligne"),
    Connection.OFFLINE: PillData(Kind.ALERT, "Ne répond pas"),
    Connection.REFUSED: PillData(Kind.ERROR, "N’accepte plus ce poste"),
}


class PortalSection(Section):
    title = "Portail"
    saves = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.address = code("")
        self.cabinet = label("", wrap=True)
        self.code = code("")
        self.role = label("")
        self.device = label("", wrap=True)
        self.state = Pill(Kind.NEUTRAL, "")
        state = QWidget()
        row = QHBoxLayout(state)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.state)
        row.addStretch(1)
        for name, value in (
            ("Adresse", self.address),
            ("Cabinet", self.cabinet),
            ("Identifiant de cabinet", self.code),
            ("Ce poste", self.device),
            ("Rôle de ce poste", self.role),
            ("État", state),
        ):
            self.body.addWidget(fact(name, value))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.test = secondary("Tester la connexion", "arrows-clockwise")
        self.test.clicked.connect(self._test)
        self.again = secondary("Enrôler de nouveau…", "key")
        self.again.clicked.connect(self._open)
        buttons.addWidget(self.test)
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.body.addWidget(self._form())
        self.body.addStretch(1)
        context.board.identity_changed.connect(self.load)
        context.board.connection_changed.connect(self._show_state)

    def _form(self) -> QWidget:
        self.form = QWidget()
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(line())
        column.addWidget(
            label(
                "Un nouveau code donne à ce poste un nouvel accès au même cabinet\u00a0: après un changement de rôle, "
                "ou si le portail ne l’accepte plus. L’export et les expéditeurs restent réglés.",
                "quiet",
                wrap=True,
            )
        )
        self.new_address = QLineEdit()
        self.new_code = QLineEdit()
        self.new_code.setProperty("role", "mono")
        self.new_name = QLineEdit()
        self.address_field = Field("Adresse du portail", self.new_address)
        self.code_field = Field(
            "Code d’enrôlement",
            self.new_code,
            "Un praticien le fait dans ses Réglages, Postes. Il sert une seule fois, dans les 48 heures.",
        )
        self.name_field = Field("Nom de ce poste", self.new_name)
        column.addWidget(self.code_field)
        beside = QHBoxLayout()
        beside.setSpacing(16)
        beside.addWidget(self.address_field, 1)
        beside.addWidget(self.name_field, 1)
        column.addLayout(beside)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.give_up = secondary("Annuler")
        self.give_up.clicked.connect(self._close)
        self.enrol = primary("Enrôler ce poste")
        self.enrol.clicked.connect(self._enrol)
        self.new_code.returnPressed.connect(self._enrol)
        row.addWidget(self.give_up)
        row.addWidget(self.enrol)
        column.addLayout(row)
        self.form.hide()
        return self.form

    def load(self) -> None:
        config, identity = self.context.desk.config, self.context.board.identity
        self.address.setText(config.portal)
        self.code.setText(config.cabinet)
        self.cabinet.setText(identity.cabinet_name if identity else UNKNOWN)
        self.device.setText(identity.device_name if identity else default_device_name())
        self.role.setText(ROLES[identity.role] if identity else UNKNOWN)
        self._show_state()

    def _show_state(self) -> None:
        self.state.show_state(_CONNECTIONS[self.context.board.connection])

    def _test(self) -> None:
        desk, board = self.context.desk, self.context.board

        def ask(reporter: Reporter) -> Self:
            with desk.portal(reporter.cancel) as portal:
                return portal.publishing.myself()

        def well(identity: Self) -> None:
            self.notice.say(
                Kind.OK,
                f"Le portail répond, et reconnaît ce poste\u00a0: {identity.device_name}.",
                f"Rôle\u00a0: {ROLES[identity.role]}.",
            )
            board.refresh_identity()

        self.work(ask, "Le portail est appelé…", well)

    def _open(self) -> None:
        identity = self.context.board.identity
        self.new_address.setText(self.context.desk.config.portal)
        self.new_name.setText(identity.device_name if identity else default_device_name())
        self.form.show()
        self.new_code.setFocus()

    def _close(self) -> None:
        self.new_code.clear()
        for field in (self.address_field, self.code_field, self.name_field):
            field.say_wrong("")
        self.form.hide()
        self.again.setFocus()

    def _enrol(self) -> None:
        desk = self.context.desk
        address, name = completed_address(self.new_address.text()), self.new_name.text().strip()
        self.address_field.say_wrong("" if address else "Tapez l’adresse du portail.")
        self.code_field.say_wrong(wrong := wrong_code(self.new_code.text()))
        self.name_field.say_wrong("" if name else "Donnez un nom à ce poste, par exemple Accueil.")
        if wrong or not address or not name:
            return
        typed = understand(self.new_code.text()).code

        def work(_: Reporter) -> Enrolled:
            config = msgspec.structs.replace(read_config(desk.config_file), portal=address)
            return enrol(config, desk.config_file, lambda: typed, name)

        former = desk.config.cabinet

        def well(enrolled: Enrolled) -> None:
            desk.config = read_config(desk.config_file)
            self._close()
            what = f"Ce poste est relié au portail de {enrolled.cabinet_name} ({ROLES[enrolled.role]})."
            # Everything that is shown was another cabinet's.
            is_other = enrolled.cabinet_code != former
            todo = "Fermez WebOrtho, puis rouvrez-le\u00a0: ce code est celui d’un autre cabinet." if is_other else ""
            self.notice.say(Kind.ALERT if is_other else Kind.OK, what, todo)
            self.context.board.refresh()
            self.load()

        self.work(work, "Vérification du code auprès du portail…", well)
