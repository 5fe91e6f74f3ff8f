"""The pipeline, painted: four steps and their counts; during a run the step under way is lit."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import style
from app.publishing.pipeline import UNKNOWN, Figure, Light, Pipeline, Stage, empty

HEIGHT = 172
_GAP, _LEAST_GAP = 56, 30
"""Pixels between two cards, as many as there is room for."""
_LEAST_CARD = 160
_PADDING = 18
_ICON, _MARK, _BETWEEN = 32, 20, 8
"""Pixels of a card's head: the step's icon with what is free beside it, how far it is, and what is free before that."""
UNDER_WAY = "En cours"
_ICONS = {
    Stage.SOURCE: "database",
    Stage.CONTROL: "shield-check",
    Stage.DIFFERENCES: "git-diff",
    Stage.PORTAL: "browser",
}
_MARKS = {Light.DONE: ("check-circle", "ok"), Light.FAILED: ("x-circle", "erreur")}


class PipelineView(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(4 * _LEAST_CARD + 3 * _LEAST_GAP)
        self._pipeline = empty()
        self.show_pipeline(self._pipeline)

    @property
    def pipeline(self) -> Pipeline:
        return self._pipeline

    def show_pipeline(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.setAccessibleName(pipeline.spoken)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(1088, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt’s name and signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = max(_LEAST_GAP, min(_GAP, (self.width() - 4 * _LEAST_CARD) // 3))
        width = (self.width() - 3 * gap) // 4
        for place, stage in enumerate(Stage):
            card = QRect(place * (width + gap), 0, width, self.height())
            self._paint_card(painter, card, stage)
            if place:
                _paint_arrow(painter, card.left() - gap, self.height() // 2, gap)

    def _paint_card(self, painter: QPainter, card: QRect, stage: Stage) -> None:
        light = self._pipeline.lights[stage]
        is_next = stage is Stage.DIFFERENCES
        ground, border = ("abricot-100", "abricot-300") if is_next else ("fond", "canard-300")
        ink = "abricot-encre" if is_next else "canard"
        if light is Light.FAILED:
            ground, border, ink = "erreur-100", "erreur", "erreur"
        elif light is Light.ACTIVE:
            ground, border = ("abricot-100", "abricot-encre") if is_next else ("canard-100", "canard")
        thickness = 2 if light in (Light.ACTIVE, Light.FAILED) else 1
        painter.setPen(QPen(style.colour(border), thickness))
        painter.setBrush(style.colour(ground))
        inset = thickness / 2
        painter.drawRoundedRect(QRectF(card).adjusted(inset, inset, -inset, -inset), 10, 10)
        head = QRect(card.left() + _PADDING, card.top() + 14, card.width() - 2 * _PADDING, 24)
        _paint_head(painter, head, stage, light, ink)
        inner = card.adjusted(_PADDING, 0, -_PADDING, 0)
        waits = light is Light.WAITING
        match stage:
            case Stage.DIFFERENCES:
                self._paint_differences(painter, inner, waits=waits)
            case Stage.SOURCE:
                _paint_figure(painter, inner, self._pipeline.source, waits=waits)
            case Stage.CONTROL:
                _paint_figure(painter, inner, self._pipeline.control, waits=waits)
            case Stage.PORTAL:
                _paint_figure(painter, inner, self._pipeline.portal, waits=waits)

    def _paint_differences(self, painter: QPainter, inner: QRect, *, waits: bool) -> None:
        half = inner.width() * 52 // 100
        for place, figure in enumerate(self._pipeline.differences):
            left = inner.left() + (half if place % 2 else 0)
            top = 46 + (53 if place >= 2 else 0)
            _write(painter, QRect(left, top, half, 32), figure.value, 26, bold=True, quiet=waits)
            _write(painter, QRect(left, top + 28, half, 22), figure.words, 14, quiet=waits)


def _paint_head(painter: QPainter, head: QRect, stage: Stage, light: Light, ink: str) -> None:
    """The step's icon and name, and how far it is; in a narrow card the words first, then what there is room for."""
    font, small = style.font(16, QFont.Weight.Bold), style.font(13, QFont.Weight.DemiBold)
    room = head.width() - QFontMetrics(font).horizontalAdvance(str(stage))
    words = QFontMetrics(small).horizontalAdvance(UNDER_WAY) + _BETWEEN
    is_told = light is Light.ACTIVE and words <= room
    room -= words if is_told else _MARK + _BETWEEN if light in _MARKS else 0
    if room >= _ICON:
        style.icon(_ICONS[stage], ink).paint(painter, QRect(head.left(), head.top() + 1, 22, 22))
    painter.setFont(font)
    painter.setPen(style.colour(ink))
    painter.drawText(head.adjusted(_ICON if room >= _ICON else 0, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(stage))
    if is_told:
        painter.setFont(small)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, UNDER_WAY)
    elif light in _MARKS:
        name, token = _MARKS[light]
        mark = QRect(head.right() - _MARK + 1, head.top() + 2, _MARK, _MARK)
        style.icon(name, token, fill=True).paint(painter, mark)


def _paint_figure(painter: QPainter, inner: QRect, figure: Figure, *, waits: bool) -> None:
    left, width = inner.left(), inner.width()
    _write(painter, QRect(left, 48, width, 46), figure.value, 42, bold=True, quiet=waits)
    _write(painter, QRect(left, 94, width, 22), figure.words, 15, quiet=waits)
    painter.setFont(style.font(15))
    painter.setPen(style.colour("encre2"))
    painter.drawText(QRect(left, 116, width, 42), Qt.TextFlag.TextWordWrap, figure.note)


def _write(painter: QPainter, where: QRect, text: str, px: int, *, bold: bool = False, quiet: bool = False) -> None:
    unknown = text == UNKNOWN
    font = style.font(px, QFont.Weight.Bold if bold and not unknown else QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(style.colour("encre2" if quiet or unknown else "encre"))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _paint_arrow(painter: QPainter, left: int, middle: int, gap: int) -> None:
    tip = left + gap - 20
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("canard-500"))
    painter.drawRect(QRectF(left + 5, middle - 2, tip - left - 4, 4))
    corners = [QPointF(tip, middle - 9), QPointF(tip + 15, middle), QPointF(tip, middle + 9)]
    painter.drawPolygon(QPolygonF(corners))
