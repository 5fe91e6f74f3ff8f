"""Réglages, Postes: the cabinet's computers, a code for one more, and the end of one. For practitioners."""

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.moments import when
from app.screen import Context
from app.setup.enrolment import ROLES
from app.setup.section import Section
from app.setup.senders_form import Options
from app.tasks import Reporter
from app.widgets.buttons import danger, secondary
from app.widgets.confirm import confirm
from app.widgets.copy_button import copy_button
from app.widgets.empty import EmptyState
from app.widgets.form import Field
from app.widgets.labels import code, label
from app.widgets.panel import Panel, well
from app.widgets.pill import Kind
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel
from merge.french import short_date, time_of_day
from portal.api.desk import EnrolmentCode, KnownDevice
from portal.api.shapes import Role

ONLY_PRACTITIONERS = "Un praticien peut voir les postes du cabinet, en ajouter et en retirer, depuis son propre poste."


class DevicesSection(Section):
    title = "Postes"
    saves = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model: SimpleTableModel[KnownDevice] = SimpleTableModel(
            (
                Column("Poste", _name, Look.STRONG, tip=_name),
                Column("Rôle", lambda device: ROLES[device.role], width=168),
                Column("Enrôlé le", lambda device: _day(device.enrolled_at), Look.QUIET, width=108),
                Column("Dernière activité", _seen, Look.QUIET, width=150),
            ),
            key=lambda device: device.id,
        )
        self.table = Table("Postes du cabinet", self.model, row_height=40)
        self.table.row_selected.connect(lambda _: self._show_choice())
        self.table.setMinimumHeight(200)
        self.everything = QWidget()
        column = QVBoxLayout(self.everything)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        frame = Panel(flush=True)
        frame.body.addWidget(self.table)
        column.addWidget(frame, 1)
        row = QHBoxLayout()
        self.revoke = danger("Retirer ce poste…", "trash")
        self.revoke.clicked.connect(self._revoke)
        row.addWidget(self.revoke)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._new())
        self.nobody = EmptyState(ONLY_PRACTITIONERS)
        self.body.addWidget(self.everything, 1)
        self.body.addWidget(self.nobody, 1)
        context.board.identity_changed.connect(self._show_right)
        self._show_right()
        self._show_choice()

    def _new(self) -> QWidget:
        frame = well()
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.role = Options([(role, ROLES[role]) for role in (Role.RECEPTION, Role.PRACTITIONER, Role.SYNC)])
        row.addWidget(Field("Ajouter un poste", self.role, "Ce qu’il pourra faire."), 1)
        self.issue = secondary("Faire un code d’enrôlement", "key")
        self.issue.clicked.connect(self._issue)
        row.addWidget(self.issue, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(row)
        self.fresh = code("", 34)
        self.fresh.setAccessibleName("Code d’enrôlement")
        self.until = label("", "quiet", wrap=True)
        self.copy = copy_button(self.fresh.text, "Copier le code")
        told = QHBoxLayout()
        told.addWidget(self.fresh)
        told.addSpacing(12)
        told.addWidget(self.copy)
        told.addStretch(1)
        column.addLayout(told)
        column.addWidget(self.until)
        self._show_code(None)
        return frame

    def load(self) -> None:
        if not self.context.board.is_practitioner:
            return
        desk = self.context.desk

        def ask(reporter: Reporter) -> tuple[KnownDevice, ...]:
            with desk.portal(reporter.cancel) as portal:
                return portal.desk.devices()

        self.work(ask, "Lecture des postes…", self.model.set_rows)

    def _show_right(self) -> None:
        may = self.context.board.is_practitioner
        self.everything.setVisible(may)
        self.nobody.setVisible(not may)

    def _show_choice(self) -> None:
        chosen = self.table.selected_row()
        self.revoke.setEnabled(chosen is not None and not chosen.is_this)
        self.revoke.setToolTip("Ce poste-ci ne peut pas se retirer lui-même." if chosen and chosen.is_this else "")

    def _show_code(self, issued: EnrolmentCode | None) -> None:
        for widget in (self.fresh, self.until, self.copy):
            widget.setVisible(issued is not None)
        if issued is not None:
            self.fresh.setText(issued.code)
            end = issued.expires_at.astimezone()
            self.until.setText(
                f"À taper sur le nouveau poste, avec l’adresse {self.context.desk.config.portal}. Il sert une seule "
                f"fois, jusqu’au {short_date(end.date())} à {time_of_day(end)}\u00a0; il ne sera plus montré."
            )

    def _issue(self) -> None:
        desk, role = self.context.desk, self.role.chosen

        def ask(reporter: Reporter) -> EnrolmentCode:
            with desk.portal(reporter.cancel) as portal:
                return portal.desk.new_enrolment_code(role)

        self.work(ask, "Demande d’un code…", self._show_code)

    def _revoke(self) -> None:
        device = self.table.selected_row()
        if device is None or device.is_this:
            return
        if not confirm(
            self,
            f"Retirer 1 poste, «\u00a0{device.name}\u00a0»\u00a0?",
            "Le portail ne l’acceptera plus dès maintenant. Pour le reprendre, il faudra un nouveau code.",
            "Retirer ce poste",
        ):
            return
        desk = self.context.desk

        def ask(reporter: Reporter) -> None:
            with desk.portal(reporter.cancel) as portal:
                portal.desk.revoke_device(device.id)

        def well(_: None) -> None:
            self.notice.say(Kind.OK, f"Le portail n’accepte plus le poste «\u00a0{device.name}\u00a0».")
            self.load()

        self.work(ask, "Le portail est prévenu…", well)


def _name(device: KnownDevice) -> str:
    return f"{device.name} (ce poste)" if device.is_this else device.name


def _day(moment: dt.datetime) -> str:
    return short_date(moment.astimezone().date())


def _seen(device: KnownDevice) -> str:
    return when(device.last_seen_at, dt.datetime.now().astimezone()) if device.last_seen_at else "Jamais"
