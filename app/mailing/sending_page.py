"""Step 4, « Envoi »: what is about to leave, how far it is, channel by channel, and the journal."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.mailing.channels import CHANNEL_ICONS
from app.mailing.paper_options import PaperOptions
from app.mailing.papers import Paper
from app.mailing.refused import Refused, counted
from app.mailing.sending import ChannelCount, Ended, Picture, Stage
from app.mailing.sending_presenter import (
    TITLES,
    JournalRow,
    Shown,
    channel_state,
    count_shown,
    ending,
    headline,
    journal_rows,
    what_leaves,
)
from app.widgets.buttons import danger, primary, secondary
from app.widgets.figure import KeyFigure
from app.widgets.labels import label, picture
from app.widgets.notice import Notice
from app.widgets.page import GAP
from app.widgets.panel import Panel
from app.widgets.pill import Kind, Pill, PillData
from app.widgets.progress import THICK, Bar
from app.widgets.scrolled import Scrolled
from app.widgets.switch import Part, Switch
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel
from merge.letters.whole_file import OutputError
from merge.outbox import State
from merge.recipients import ChannelKind, Recipient
from sync.wording import number

_PILLS = {"ok": Kind.OK, "alert": Kind.ALERT, "info": Kind.INFO, "neutral": Kind.NEUTRAL}
_STATES = {
    State.SENT: Kind.OK,
    State.READY: Kind.ALERT,
    State.SENDING: Kind.INFO,
    State.FAILED: Kind.ERROR,
    State.UNKNOWN: Kind.ALERT,
}
BEFORE = "Les codes sont faits au lancement, et deviennent valables à mesure que les messages partent."
MEANWHILE = "Vous pouvez continuer à travailler\u00a0: l’envoi se poursuit tant que WebOrtho reste ouvert."
_FILTERS = {Shown.ALL: "Tout", Shown.FAILED: "Échecs", Shown.WAITING: "En attente", Shown.UNKNOWN: "À vérifier"}


class SendingPage(QWidget):
    """Shows what it is told; every button is a signal."""

    start_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    abandon_wanted = Signal()
    """What waits shall not leave any more."""
    go_on_wanted = Signal()
    """Send what waits, after a stop or an interruption."""
    again_wanted = Signal(object)
    """The line to send once more."""
    confirm_wanted = Signal(object)
    """The line that has arrived after all."""
    export_wanted = Signal()
    open_wanted = Signal()
    folder_wanted = Signal()
    refused_wanted = Signal()
    """See who gets nothing."""
    print_wanted = Signal()
    back_wanted = Signal()
    new_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = ZoneInfo("Europe/Paris")
        self._picture: Picture | None = None
        self._shown = Shown.ALL
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP)
        inside = QWidget()
        # A window may be lower than all that this step shows.
        outer.addWidget(Scrolled("Envoi", inside, sideways=False), 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.notice = Notice()
        self.notice.acted.connect(self.settings_wanted)
        self.refused = Notice()
        self.refused.acted.connect(self.refused_wanted)
        column.addWidget(self.notice)
        column.addWidget(self.refused)
        column.addWidget(self._top())
        column.addLayout(self._cards())
        self.paper = PaperOptions()
        column.addWidget(self.paper)
        column.addWidget(self._journal(), 1)
        column.addStretch(0)
        self.first = self.start  # where the keyboard begins
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.back = secondary("Contrôle", "caret-left")
        self.back.clicked.connect(self.back_wanted)
        self.open = secondary("Ouvrir le fichier", "file-text")
        self.open.clicked.connect(self.open_wanted)
        self.folder = secondary("Ouvrir le dossier", "folder-open")
        self.folder.clicked.connect(self.folder_wanted)
        self.print = secondary("Imprimer les lettres", "printer")
        self.print.clicked.connect(self.print_wanted)
        self.new = secondary("Nouvel envoi")
        self.new.clicked.connect(self.new_wanted)
        foot.addWidget(self.new)
        foot.addStretch(1)
        for button in (self.back, self.folder, self.open, self.print):
            foot.addWidget(button)
        outer.addLayout(foot)

    def set_zone(self, zone: ZoneInfo) -> None:
        self._zone = zone

    # The three times of a sending

    def show_ready(self, recipients: tuple[Recipient, ...], refused: tuple[Refused, ...] = ()) -> None:
        """Nothing has left: the person looks, chooses the file, and starts."""
        self._say_refused(refused)
        counts = {
            kind: ChannelCount(many, waiting=many)
            for kind in ChannelKind
            if (many := sum(one.channel is kind for one in recipients))
        }
        if recipients:
            self._show_top("", 0, "Prêt à envoyer", f"{what_leaves(recipients)}. Rien n’est encore parti.")
        else:
            self._show_top("", 0, "Rien à envoyer", "Aucun message ne peut partir de ce poste pour l’instant.")
        self._fill_cards(counts, Stage.PREPARING)
        self._picture = None
        self._rows.set_rows(())
        self._journal_panel.hide()
        self.paper.setVisible(ChannelKind.LETTER in counts)
        self._hint.setText(BEFORE if recipients else "")
        self._hint.setVisible(bool(recipients))
        self._buttons(*((self.start,) if recipients else ()))
        self.back.show()
        self._offer_papers(None)
        self.new.hide()

    def show_running(self, picture_now: Picture, *, paused: bool) -> None:
        self._picture = picture_now
        head = headline(picture_now, paused=paused)
        self._show_top(head.percent, head.part, head.title, head.detail)
        self._hint.setText(MEANWHILE)
        self._hint.show()
        self._fill_cards(picture_now.counts, picture_now.stage)
        self._fill_journal()
        self.paper.hide()
        if picture_now.stage is Stage.SENDING:
            self._buttons(self.resume if paused else self.pause, self.stop)
        else:
            self._buttons(self.stop)
        self.back.hide()
        self._offer_papers(None)
        self.new.hide()

    def show_ended(self, ended: Ended, paper: Paper | None) -> None:
        """`paper` is what was written, None for nothing."""
        self._picture = ended.picture
        head = ending(ended)
        self._show_top(head.percent, head.part, head.title, head.detail)
        waiting = ended.picture.waiting
        self._hint.show()
        self._hint.setText(
            "Ce qui attend partira dès que vous reprendrez l’envoi. Rien n’est envoyé deux fois."
            if waiting
            else "Le journal reste sur ce poste\u00a0; exportez-le pour l’archiver."
        )
        self._fill_cards(ended.picture.counts, Stage.ENDED)
        self._fill_journal()
        self.paper.hide()
        self._buttons(*((self.abandon, self.go_on) if waiting else ()))
        self.back.hide()
        self._offer_papers(paper)
        self.new.show()
        self._say_troubles(ended)
        self._say_refused(ended.refused)

    # Layout

    def _top(self) -> QFrame:
        panel = QFrame()
        panel.setProperty("role", "panel")
        panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(panel)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.percent = KeyFigure("", px=46)
        words = QVBoxLayout()
        words.setSpacing(3)
        self.title = label("", "heading")
        self.detail = label("", "quiet", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.detail)
        row.addWidget(self.percent)
        row.addLayout(words, 1)
        self.start = primary("Lancer l’envoi", "paper-plane-tilt")
        self.pause = secondary("Mettre en pause", "pause", fill=True)
        self.resume = primary("Reprendre", "play")
        self.go_on = primary("Reprendre l’envoi", "play")
        self.abandon = danger("Abandonner ce qui attend")
        self.stop = danger("Arrêter l’envoi", "stop")
        for button, wanted in (
            (self.start, self.start_wanted),
            (self.pause, self.pause_wanted),
            (self.resume, self.resume_wanted),
            (self.abandon, self.abandon_wanted),
            (self.go_on, self.go_on_wanted),
            (self.stop, self.stop_wanted),
        ):
            button.clicked.connect(wanted)
            button.setMinimumHeight(40)
            row.addWidget(button)
        column.addLayout(row)
        self.bar = Bar("Avancement de l’envoi", height=THICK)
        column.addWidget(self.bar)
        self._hint = label("", "quiet", wrap=True)
        column.addWidget(self._hint)
        return panel

    def _cards(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self._channels: dict[ChannelKind, _Card] = {}
        for kind in (ChannelKind.LETTER, ChannelKind.EMAIL, ChannelKind.SMS):
            card = self._channels[kind] = _Card(TITLES[kind], CHANNEL_ICONS[kind])
            row.addWidget(card, 1)
        return row

    def _journal(self) -> Panel:
        self._journal_panel = panel = Panel("Journal", flush=True)
        self.filter = Switch("Lignes du journal", [Part(shown.value, words) for shown, words in _FILTERS.items()])
        self.filter.chosen.connect(self._narrow)
        self.export = secondary("Exporter", "download-simple")
        self.export.clicked.connect(self.export_wanted)
        self.again = secondary("Renvoyer", "paper-plane-tilt")
        self.again.clicked.connect(lambda: self.again_wanted.emit(self.table.selected_row()))
        self.confirm = secondary("C’est arrivé", "check")
        self.confirm.clicked.connect(lambda: self.confirm_wanted.emit(self.table.selected_row()))
        for widget in (self.again, self.confirm, self.filter, self.export):
            panel.add_aside(widget)
        columns: list[Column[JournalRow]] = [
            Column("Heure", lambda row: row.time, Look.QUIET, 96),
            Column("État", lambda row: row.words, width=136, pill=lambda row: PillData(_STATES[row.state], row.words)),
            Column("Canal", lambda row: row.channel, width=86),
            Column("N°", lambda row: row.numbers, Look.STRONG, 110),
            Column("Destinataire", lambda row: row.recipient, Look.STRONG, 220, tip=lambda row: row.recipient),
            Column("Détail", lambda row: row.detail, tip=lambda row: row.detail),
        ]
        self._rows = SimpleTableModel(columns, key=lambda row: row.key)
        self.table: Table[JournalRow] = Table("Journal de l’envoi", self._rows, row_height=34)
        self.table.row_selected.connect(self._offer)
        panel.body.addWidget(self.table)
        self._offer(None)
        return panel

    # Filling

    def _show_top(self, percent: str, part: float, title: str, detail: str) -> None:
        self.percent.show_value(percent)
        self.percent.setVisible(bool(percent))
        self.bar.show_part(part)
        self.bar.setVisible(bool(percent))
        self.title.setText(title)
        self.detail.setText(detail)

    def _fill_cards(self, counts: Mapping[ChannelKind, ChannelCount], stage: Stage) -> None:
        for kind, card in self._channels.items():
            card.show_count(kind, counts.get(kind), stage)

    def _fill_journal(self) -> None:
        if self._picture is None:
            return
        self._journal_panel.show()
        for shown, words in _FILTERS.items():
            if shown is not Shown.ALL:
                count = count_shown(self._picture, shown)
                self.filter.set_label(shown.value, f"{words} ({count})" if count else words)
                self.filter.part(shown.value).setVisible(count > 0 or shown is self._shown)
        self._rows.set_rows(journal_rows(self._picture, self._zone, self._shown))

    def _narrow(self, key: str) -> None:
        self._shown = Shown(key)
        self._fill_journal()

    def _buttons(self, *shown: QPushButton) -> None:
        for button in (self.start, self.pause, self.resume, self.abandon, self.go_on, self.stop):
            button.setVisible(button in shown)
            button.setEnabled(True)

    def _offer_papers(self, paper: Paper | None) -> None:
        self.folder.setVisible(paper is not None)
        self.open.setVisible(paper is not None and not paper.binding.is_folder)
        self.print.setVisible(paper is not None and paper.is_printable)

    def _offer(self, row: JournalRow | None) -> None:
        """What may be done about the selected line; only while nothing runs."""
        idle = not self.pause.isVisible() and not self.stop.isVisible()
        is_file = row is not None and row.is_paper
        self.again.setText("Le fichier n’est pas là" if is_file else "Renvoyer")
        self.confirm.setText("Le fichier est là" if is_file else "C’est arrivé")
        self.again.setVisible(row is not None and (row.can_send_again or (is_file and row.can_confirm)) and idle)
        self.confirm.setVisible(row is not None and row.can_confirm and idle)

    def _say_troubles(self, ended: Ended) -> None:
        if ended.troubles:
            first = ended.troubles[0]
            waits = " Le reste est prêt à partir." if ended.picture.waiting else ""
            action = "" if isinstance(first, OutputError) else "Ouvrir les Réglages"
            self.notice.say(Kind.ERROR, first.what, f"{first.todo}{waits}", action)

    def _say_refused(self, refused: tuple[Refused, ...]) -> None:
        self.refused.setVisible(bool(refused))
        if refused:
            first = refused[0]
            what = f"{counted(one.channel for one in refused)}."
            self.refused.say(Kind.ALERT, what, f"{first.name}\u00a0: {first.why}", "Voir la liste")


class _Card(QFrame):
    """« Lettres  812 sur 812 », its state and its bar."""

    def __init__(self, title: str, icon: str) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 14)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(picture(icon, "canard"))
        row.addWidget(label(title, "strong"), 1)
        self.state = Pill(Kind.NEUTRAL, "")
        place = self.state.sizePolicy()
        place.setRetainSizeWhenHidden(True)
        self.state.setSizePolicy(place)
        row.addWidget(self.state)
        column.addLayout(row)
        self.figure = KeyFigure("", px=30)
        column.addWidget(self.figure)
        self.bar = Bar(title)
        column.addWidget(self.bar)

    def show_count(self, kind: ChannelKind, count: ChannelCount | None, stage: Stage) -> None:
        self.setEnabled(count is not None)
        if count is None:
            self.figure.show_value("0", "aucun" if kind is not ChannelKind.LETTER else "aucune")
            self.state.hide()
            self.bar.show_part(0)
            return
        name, word = channel_state(kind, count, stage)
        self.state.show_state(PillData(_PILLS[name], word, ""))
        self.state.show()
        self.figure.show_value(number(count.settled), f"sur {number(count.total)}")
        self.bar.show_part(count.settled / count.total if count.total else 0, "ok" if name == "ok" else "canard")
