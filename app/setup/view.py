"""The Réglages screen: its sections at the left, one of them at the right."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget

from app import style
from app.screen import Context, Screen
from app.setup.desk_sections import CabinetSection, SendersSection
from app.setup.devices_section import DevicesSection
from app.setup.help_section import HelpSection
from app.setup.portal_section import PortalSection
from app.setup.section import Section
from app.setup.shared_notice import SharedNotice
from app.setup.source_section import SourceSection
from app.widgets.page import GAP, PageHeader, page_layout
from app.widgets.panel import Panel

_SECTIONS: tuple[tuple[str, str, type[Section]], ...] = (
    ("portal", "browser", PortalSection),
    ("source", "database", SourceSection),
    ("senders", "envelope-simple", SendersSection),
    ("cabinet", "buildings", CabinetSection),
    ("devices", "desktop", DevicesSection),
    ("help", "lifebuoy", HelpSection),
)
"""What `receive` knows a section by, its icon, and what makes it."""
UNSAVED = "pas enregistré"


def make(context: Context) -> Screen:
    return SetupScreen(context)


class SetupScreen(Screen):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        layout = page_layout(self)
        layout.addWidget(PageHeader("Réglages", "de ce poste"))
        self.shared = SharedNotice(context)
        layout.addWidget(self.shared)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        layout.addLayout(row, 1)
        self.list = QListWidget()
        self.list.setAccessibleName("Sections des réglages")
        self.list.setIconSize(QSize(20, 20))
        self.list.setSpacing(2)
        side = Panel()
        side.setFixedWidth(200)
        side.body.setContentsMargins(8, 8, 8, 8)
        side.body.addWidget(self.list)
        self._stack = _Sections()
        self.sections: dict[str, Section] = {}
        """Those that were looked at, by their keys: the first visit waits for one of them, not for six."""
        for key, icon, kind in _SECTIONS:
            item = QListWidgetItem(style.icon(icon, "canard"), kind.title)
            item.setSizeHint(QSize(170, 40))
            item.setData(Qt.ItemDataRole.UserRole, key)
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._show)
        row.addWidget(side)
        row.addWidget(self._stack, 1)
        self._is_shown = False
        self.list.setCurrentRow(0)

    @property
    def current(self) -> Section:
        return self.sections[_SECTIONS[self.list.currentRow()][0]]

    def shown(self) -> None:
        self._is_shown = True
        self.current.shown()

    def receive(self, subject: object) -> None:
        """The key of a section."""
        keys = [key for key, _, _ in _SECTIONS]
        if subject in keys:
            self.list.setCurrentRow(keys.index(str(subject)))

    def busy_with(self) -> str:
        unsaved = [section.title for section in self.sections.values() if section.is_dirty]
        if not unsaved:
            return ""
        return f"Des réglages ne sont pas enregistrés ({', '.join(unsaved)})\u00a0: ils seront perdus."

    def _show(self, place: int) -> None:
        key, _, kind = _SECTIONS[place]
        if key not in self.sections:
            section = self.sections[key] = kind(self._context)
            section.dirty_changed.connect(self._show_dirty)
            self._stack.addWidget(section)
        self._stack.setCurrentWidget(self.sections[key])
        if self._is_shown:
            self.current.shown()

    def _show_dirty(self) -> None:
        for place, (key, _, _) in enumerate(_SECTIONS):
            if (section := self.sections.get(key)) is None:
                continue
            item = self.list.item(place)
            item.setText(f"{section.title} •" if section.is_dirty else section.title)
            item.setToolTip(f"{section.title}, {UNSAVED}" if section.is_dirty else "")


class _Sections(QStackedWidget):
    """Each section scrolls by itself. By its words' height the whole screen would scroll as well, around it."""

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return False
