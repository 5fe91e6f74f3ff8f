"""Who gets nothing, and why: to be made later, or tried again now."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.mailing.channels import CHANNEL_LABELS
from app.mailing.refused import Refused, counted
from app.widgets.buttons import primary, secondary
from app.widgets.dialog import Dialog
from app.widgets.labels import label
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel
from merge.recipients import ChannelKind

SIZE = (900, 460)


class RefusedDialog(Dialog):
    """`later_wanted` and `again_wanted` are about all of them."""

    later_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget, refused: Sequence[Refused]) -> None:
        super().__init__(parent)
        title = counted(one.channel for one in refused)
        self.setProperty("role", "question")
        self.setWindowTitle(title)
        self.resize(*SIZE)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, "heading"))
        todo = (
            "Rien n’est parti pour ces dossiers. Corrigez leurs fiches dans le logiciel du cabinet, refaites l’export, "
            "puis réessayez\u00a0; ou gardez la liste, qui vous sera proposée au prochain publipostage."
        )
        column.addWidget(label(todo, "quiet", wrap=True))
        columns: list[Column[Refused]] = [
            Column("N°", _numbers, Look.CODE, 168, tip=_numbers),
            Column("Destinataire", lambda one: one.name, Look.STRONG, 200, tip=lambda one: one.name),
            Column("Canal", lambda one: CHANNEL_LABELS[one.channel], width=80),
            Column("Pourquoi", lambda one: one.why, tip=lambda one: one.why),
        ]
        self.table: Table[Refused] = Table(title, SimpleTableModel(columns, refused), row_height=40)
        column.addWidget(self.table, 1)
        self.why = label("", wrap=True)
        self.table.row_selected.connect(lambda one: self.why.setText(one.why if one else ""))
        column.addWidget(self.why)
        self.table.select_first()
        row = QHBoxLayout()
        row.addStretch(1)
        close = secondary("Fermer")
        close.clicked.connect(self.reject)
        self.later = secondary("Imprimer plus tard" if _on_paper(refused) else "Préparer plus tard")
        self.later.clicked.connect(self.later_wanted)
        self.again = primary("Réessayer", "arrows-clockwise")
        self.again.clicked.connect(self.again_wanted)
        for button in (self.later, self.again):
            button.clicked.connect(self.accept)
        for button in (close, self.later, self.again):
            row.addWidget(button)
        column.addLayout(row)


def _numbers(one: Refused) -> str:
    return ", ".join(one.numbers)


def _on_paper(refused: Sequence[Refused]) -> bool:
    return all(one.channel is ChannelKind.LETTER for one in refused)
