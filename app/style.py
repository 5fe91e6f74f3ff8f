"""The look of the application: colours, fonts, icons, and the one style sheet. Light only (design language)."""

import functools
import importlib.util
import json
import re
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

import resources

TOKENS = {
    "fond": "#F1F6F5",
    "bord": "#E9F1F0",
    "surface": "#FFFFFF",
    "puits": "#E6EFEE",
    "plateau": "#C9D6D6",
    "trait": "#D3DFDE",
    "trait-100": "#E4ECEB",
    "contour": "#6B8288",
    "encre": "#14282D",
    "encre2": "#4A5F65",
    "canard": "#0B5563",
    "canard-fonce": "#083F4A",
    "sur-canard": "#FFFFFF",
    "canard-50": "#EAF4F5",
    "canard-100": "#D8EBED",
    "canard-300": "#8DBCC3",
    "canard-500": "#5A9AA4",
    "bande": "#0A3A44",
    "bande-choix": "#145867",
    "bande-texte": "#B9DADE",
    "abricot": "#F5A65B",
    "sur-abricot": "#3A1D02",
    "abricot-100": "#FDEBD7",
    "abricot-300": "#E9C9A3",
    "abricot-encre": "#7A3D05",
    "ok": "#1C6640",
    "ok-100": "#DFF1E5",
    "alerte": "#734700",
    "alerte-100": "#FCEFC9",
    "erreur": "#A1241C",
    "erreur-100": "#FBE5E2",
}
"""The design language's light colours; a number tells a paler shade of the same ink, seen in its pictures."""

TEXT_FAMILY = "Figtree"
CODE_FAMILY = "Atkinson Hyperlegible Mono"
"""Only for what people retype: codes, numbers, passwords, @fields."""
BODY_PX = 14
ARGUMENTS = ("-style", "fusion")
"""For Qt's own command line: to choose the style there loads none of the hundreds of names that styles have."""

HERE = Path(__file__).parent
RESOURCES = Path(resources.__path__[0])
"""Found by their packages' places: importlib.resources costs a start more than reading the files does."""

_FONTS = (
    "Figtree_400Regular.ttf",
    "Figtree_600SemiBold.ttf",
    "Figtree_700Bold.ttf",
    "AtkinsonHyperlegibleMono_700Bold.ttf",
)
_PHOSPHOR_PACKAGE = "qtawesome"


def colour(token: str) -> QColor:
    """A colour of the design language, by its name there."""
    return QColor(TOKENS[token])


def font(
    px: int = BODY_PX, weight: QFont.Weight = QFont.Weight.Normal, *, code: bool = False, tabular: bool = True
) -> QFont:
    """The application's font, for what is painted by hand. `px` is logical; `tabular` gives figures one width."""
    made = QFont(CODE_FAMILY if code else TEXT_FAMILY)
    made.setPixelSize(px)
    made.setWeight(QFont.Weight.Bold if code else weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if not code:
        made.setFeature(QFont.Tag("tnum"), int(tabular))
    return made


def apply(app: QApplication) -> None:
    """Give the application its fonts and colours. Once, before the first window; each window is then `dress`ed."""
    for name in _FONTS:
        QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / name))
    app.setFont(font())
    app.setPalette(_palette())


def dress(window: QWidget | QApplication) -> None:
    """Give a window, and all that will be in it, the style sheet. A dialog takes it from the window it belongs to.

    Not for the whole application: Qt would then work the sheet out anew for every part that is put into another, and a
    screen of three hundred parts would take twice as long to build.
    """
    window.setStyleSheet(_style_sheet())


def set_role(widget: QWidget, role: str) -> None:
    """What the style sheet knows the widget by: `primary`, `aid`, … May change while it is shown."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_tight(tabs: QTabBar, *, tight: bool) -> None:
    """Tabs nearer to each other, where there is little room."""
    if tabs.property("tight") != tight:
        tabs.setProperty("tight", tight)
        tabs.style().unpolish(tabs)
        tabs.style().polish(tabs)


def icon(
    name: str,
    ink: str = "encre",
    *,
    fill: bool = False,
    chosen: str = "",
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
) -> QIcon:
    """Phosphor's icon of that name (`house`), in a colour of the design language; `fill` takes its filled drawing.

    `chosen` is the colour while a button is checked or an item selected. `side` is where it stands in a place that is
    wider than high (what stays free keeps words away). Raise `KeyError` for a name it does not have.
    """
    return QIcon(_Glyph(_character(name, fill=fill), ink, chosen or ink, side))


def pixmap(name: str, ink: str = "encre", *, px: int = 20, fill: bool = False) -> QPixmap:
    """An icon for a label, sharp on this screen."""
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    return icon(name, ink, fill=fill).pixmap(QSize(px, px), ratio)


def paint_icon(painter: QPainter, rect: QRect, name: str, ink: str, *, fill: bool = False) -> None:
    """For what is painted by hand. Raise `KeyError` for an unknown name."""
    _paint(painter, rect, _character(name, fill=fill), ink)


class _Glyph(QIconEngine):
    """Draws a character of the icon font at any size, so that it is sharp on every screen."""

    def __init__(self, glyph: str, ink: str, chosen: str, side: Qt.AlignmentFlag) -> None:
        super().__init__()
        self._glyph = glyph
        self._ink = ink
        self._chosen = chosen
        self._side = side

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ink = self._chosen if state is QIcon.State.On or mode is QIcon.Mode.Selected else self._ink
        _paint(painter, rect, self._glyph, "contour" if mode is QIcon.Mode.Disabled else ink, self._side)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Glyph(self._glyph, self._ink, self._chosen, self._side)


def _character(name: str, *, fill: bool) -> str:
    return chr(int(_phosphor()[1][f"{name}-fill" if fill else name], 16))


def _paint(
    painter: QPainter,
    rect: QRect,
    character: str,
    ink: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
) -> None:
    drawn = QFont(_phosphor()[0])
    drawn.setPixelSize(max(1, min(rect.width(), rect.height())))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(drawn)
    painter.setPen(colour(ink))
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, character)
    painter.restore()


@functools.cache
def _phosphor() -> tuple[str, dict[str, str]]:
    """The icon font's family, and its characters' hexadecimal codes by name.

    The font comes with qtawesome. Importing that package costs as much as opening a window (it loads eleven fonts), so
    its files are read without it.
    """
    found = importlib.util.find_spec(_PHOSPHOR_PACKAGE)
    assert found is not None  # noqa: S101 - a dependency of the application
    assert found.origin is not None  # noqa: S101 - as above
    folder = Path(found.origin).parent / "fonts"
    (drawing,) = folder.glob("phosphor-[0-9]*.ttf")
    (names,) = folder.glob("phosphor-charmap-*.json")
    (family,) = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(drawing)))
    codes: dict[str, str] = json.loads(names.read_bytes())
    return family, codes


@functools.cache
def _style_sheet() -> str:
    """`style.qss` with its `@tokens` replaced, and `@marks` by the folder of its small drawings."""
    values = {**TOKENS, "marks": (HERE / "marks").as_posix()}
    text = (HERE / "style.qss").read_text(encoding="utf-8")
    return re.sub(r"@([a-z][a-z0-9-]*)", lambda found: values[found[1]], text)


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, token in {
        role.Window: "fond",
        role.WindowText: "encre",
        role.Base: "surface",
        role.AlternateBase: "puits",
        role.Text: "encre",
        role.PlaceholderText: "encre2",
        role.Button: "surface",
        role.ButtonText: "encre",
        role.Highlight: "canard",
        role.HighlightedText: "sur-canard",
        role.ToolTipBase: "encre",
        role.ToolTipText: "surface",
        role.Link: "canard",
        role.LinkVisited: "canard",
    }.items():
        palette.setColor(where, colour(token))
    for where in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, colour("contour"))
    return palette
