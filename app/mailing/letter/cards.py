"""What stands in the editor for an object of a letter: a card that says what it is, for it is not typed."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPixmap

from app import style
from merge.french import agree
from merge.letters.model import Block, Picture, QrCode, Signature, SignInPicture, Table

WIDTH: Final = 560
"""Pixels."""
_LOW, _HIGH = 40, 66


def card(block: Block) -> QPixmap:
    """The card of one object."""
    if isinstance(block, SignInPicture):
        return _sign_in_card()
    icon, words, detail = _described(block)
    made, painter = _blank(_LOW)
    style.paint_icon(painter, QRect(16, 9, 22, 22), icon, "canard")
    painter.setPen(style.colour("encre"))
    painter.setFont(style.font(14, QFont.Weight.Bold))
    painter.drawText(QRectF(58, 0, WIDTH - 70, _LOW), Qt.AlignmentFlag.AlignVCenter, words)
    if detail:
        left = 58 + painter.fontMetrics().horizontalAdvance(words) + 10
        painter.setFont(style.font(13))
        painter.setPen(style.colour("encre2"))
        room = QRectF(left, 0, WIDTH - left - 12, _LOW)
        shown = painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideMiddle, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
    painter.end()
    return made


def name_of(block: Block) -> str:
    """What the object is called in sentences and menus."""
    return "Image de connexion annotée" if isinstance(block, SignInPicture) else _described(block)[1]


def _described(block: Block) -> tuple[str, str, str]:
    """Icon, name and detail."""
    match block:
        case Table():
            size = f"{agree(len(block.rows), 'ligne', 'lignes')}, {agree(len(block.columns), 'colonne', 'colonnes')}"
            return "table", "Tableau", size
        case Picture():
            return "image", "Image", f"{block.file}, {block.width:g}\u00a0mm de large"
        case QrCode():
            whose = "lien personnel" if block.leads_to == "personal" else "adresse du site"
            return "qr-code", "QR code", f"{whose}, {block.side:g}\u00a0mm"
        case Signature():
            return "pen", "Signature du praticien", block.picture or ""
        case _:
            raise TypeError(f"{type(block).__name__} is typed, not placed")


def _sign_in_card() -> QPixmap:
    made, painter = _blank(_HIGH)
    style.paint_icon(painter, QRect(16, 20, 26, 26), "image", "canard")
    painter.setPen(style.colour("encre"))
    painter.setFont(style.font(14, QFont.Weight.Bold))
    painter.drawText(QRectF(58, 12, WIDTH - 70, 20), Qt.AlignmentFlag.AlignVCenter, "Image de connexion annotée")
    left = 58.0
    for words, field in (("Code ", "@CABINET"), (" · identifiant ", "@ORDRE"), (" · mot de passe ", "@MDP")):
        left = _draw_field(painter, left, words, field)
    painter.end()
    return made


def _blank(height: int) -> tuple[QPixmap, QPainter]:
    made = QPixmap(WIDTH * 2, height * 2)
    made.setDevicePixelRatio(2)
    made.fill(style.colour("fond"))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(style.colour("contour"), 1, Qt.PenStyle.DashLine))
    painter.drawRect(QRectF(0.5, 0.5, WIDTH - 1, height - 1))
    return made, painter


def _draw_field(painter: QPainter, left: float, words: str, field: str) -> float:
    """Words and a field on its ground, in the card's second line; where the next ones begin."""
    painter.setFont(style.font(14))
    painter.setPen(style.colour("encre"))
    width = painter.fontMetrics().horizontalAdvance(words)
    painter.drawText(QRectF(left, 34, width + 2, 20), Qt.AlignmentFlag.AlignVCenter, words)
    painter.setFont(style.font(14, code=True))
    advance = painter.fontMetrics().horizontalAdvance(field)
    ground = QRectF(left + width, 34, advance + 8, 20)
    painter.fillRect(ground, style.colour("canard-100"))
    painter.setPen(style.colour("canard"))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, field)
    return left + width + advance + 10
