"""The window where an export's columns are recognised, looked at, changed, and written down as its mapping."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from app.errors import Trouble
from app.setup.columns_tab import Choice, ColumnsTab
from app.setup.recognition import Recognition
from app.tasks import Reporter, Tasks
from app.widgets.busy import BusyLine
from app.widgets.buttons import primary, secondary
from app.widgets.dialog import Dialog
from app.widgets.empty import EmptyState
from app.widgets.form import Field
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.pill import Kind
from app.widgets.tabbing import tab_last
from cabinet.guess import guess
from cabinet.mapping_parts import Encoding
from cabinet.sources.location import Location
from cabinet.sources.opening import WORKBOOKS

_ENCODINGS = {
    "": "Reconnu, fichier par fichier",
    Encoding.UTF_8: "UTF-8",
    Encoding.CP1252: "Windows (cp1252)",
    Encoding.ISO_8859_15: "ISO 8859-15",
    Encoding.CP850: "DOS (cp850)",
    Encoding.CP437: "DOS (cp437)",
    Encoding.MAC_ROMAN: "Mac Roman",
    Encoding.UTF_16: "UTF-16",
}


class ColumnsDialog(Dialog):
    """`recognition` is what was decided in it before, for the same source; None looks at the export anew."""

    written = Signal(str)
    """The path of the mapping; the window closes itself."""

    def __init__(
        self,
        location: Location,
        folder: Path,
        tasks: Tasks,
        recognition: Recognition | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Reconnaître les colonnes de l’export")
        self.setMinimumSize(980, 480)
        self.resize(1060, 680)
        self._location = location
        self._folder = folder
        self._tasks = tasks
        self.recognition = recognition
        self.notice = Notice()
        self.busy = BusyLine()
        self.summary = label("", "strong", wrap=True)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Ce que WebOrtho publie, table par table")
        self.nothing = EmptyState("WebOrtho lit l’export pour en reconnaître les colonnes.")
        self.encoding = Choice("Encodage des fichiers", list(_ENCODINGS.values()), 0)
        self.encoding.activated.connect(lambda _: self._recognise())
        self._encoding_field = Field("Encodage des fichiers, si des accents sont faux", self.encoding)
        # A workbook and a database know their own.
        is_folder = not location.is_database and Path(location.text).suffix.casefold() not in WORKBOOKS
        self._encoding_field.setVisible(is_folder)
        self.cancel = secondary("Annuler")
        self.cancel.clicked.connect(self.reject)
        self.use = primary("Utiliser ces colonnes")
        self.use.clicked.connect(self._write)
        self._lay_out()
        if recognition is None:
            self._recognise()
        else:
            self._show(recognition)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(10)
        column.addWidget(label("Reconnaître les colonnes de l’export", "heading"))
        column.addWidget(
            label(
                "Pour chaque information, choisissez la colonne où elle se trouve. WebOrtho a rempli ce qu’il a "
                "reconnu\u00a0: regardez surtout ce qui est à vérifier.",
                "quiet",
                wrap=True,
            )
        )
        column.addWidget(self.notice)
        column.addWidget(self.busy)
        column.addWidget(self.summary)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.tabs, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._encoding_field)
        foot.addStretch(1)
        foot.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self.use, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)
        self._show_nothing()

    def _recognise(self) -> None:
        encoding = list(_ENCODINGS)[self.encoding.currentIndex()]
        self._show_nothing()
        self.notice.hide()
        self.busy.begin("Lecture de l’export…")
        self.encoding.setEnabled(False)
        location = self._location

        def work(_: Reporter) -> Recognition:
            return Recognition(guess(location, encoding), location)

        self._tasks.run(work, done=self._recognised, failed=self._failed, owner=self)

    def _recognised(self, found: Recognition) -> None:
        self._idle()
        if self.recognition is not None:
            # The same file is written again.
            found.file = self.recognition.file
        self.recognition = found
        self.encoding.setCurrentIndex(list(_ENCODINGS).index(Encoding(found.encoding) if found.encoding else ""))
        self._show(found)

    def _failed(self, trouble: Trouble) -> None:
        self._idle()
        self.nothing.say("Rien n’a été lu.")
        self.notice.say_trouble(trouble)

    def _idle(self) -> None:
        self.busy.end()
        self.encoding.setEnabled(True)

    def _show_nothing(self) -> None:
        self.tabs.hide()
        self.summary.hide()
        self.nothing.show()
        self.use.setEnabled(False)

    def _show(self, recognition: Recognition) -> None:
        if recognition.unreadable:
            self.notice.say(Kind.ALERT, "Une table n’a pas été lue.", " ".join(recognition.unreadable))
        if not any(tab.tables for tab in recognition.tabs):
            self.nothing.say("Aucune table à lire dans cet export\u00a0: vérifiez le dossier choisi.")
            return
        former = self.tabs.currentIndex()
        pages = [self.tabs.widget(place) for place in range(self.tabs.count())]
        self.tabs.clear()
        for page in filter(None, pages):
            page.deleteLater()
        for place in range(len(recognition.tabs)):
            page = ColumnsTab(recognition, place)
            page.decided.connect(partial(self._decided, page))
            self.tabs.addTab(page, "")
        self._refresh()
        first = next((place for place, tab in enumerate(recognition.tabs) if tab.open_points), 0)
        self.tabs.setCurrentIndex(former if 0 <= former < self.tabs.count() else first)
        self.nothing.hide()
        self.summary.show()
        self.tabs.show()
        self.tabs.setFocus()

    def _decided(self, page: ColumnsTab, key: str) -> None:
        recognition = self.recognition
        if recognition is None:
            return
        if key == "table" and self.tabs.indexOf(page) == 0:
            # Another table of the patients: every part was recognised anew.
            self._show(recognition)
        else:
            page.lay_out()
            self._refresh()

    def _refresh(self) -> None:
        recognition = self.recognition
        if recognition is None:
            return
        for place, tab in enumerate(recognition.tabs):
            waiting = f" ({tab.open_points} à vérifier)" if tab.open_points else ""
            self.tabs.setTabText(place, f"{tab.title}{waiting}")
        self.summary.setText(recognition.summary)
        self.use.setEnabled(recognition.is_usable)
        tab_last(self.encoding, self.cancel, self.use)

    def _write(self) -> None:
        recognition = self.recognition
        if recognition is None:
            return
        folder = self._folder
        self.use.setEnabled(False)
        self._tasks.run(lambda _: recognition.write(folder), done=self._done, failed=self._failed_to_write, owner=self)

    def _failed_to_write(self, trouble: Trouble) -> None:
        self.use.setEnabled(True)
        self.notice.say_trouble(trouble)

    def _done(self, file: Path) -> None:
        self.written.emit(str(file))
        self.accept()
