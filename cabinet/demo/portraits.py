"""Friendly portraits, drawn with Pillow, each different: nobody's photo is needed to show one."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

SIZE = (300, 360)
_SCALE = 2
"""Drawn at twice the size and reduced: Pillow's shapes have no smooth edges of their own."""

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Centre x and y, width, height, in units of the finished picture."""
_SKINS: tuple[Colour, ...] = (
    (253, 226, 205),
    (246, 209, 180),
    (229, 184, 148),
    (198, 143, 104),
    (150, 100, 70),
    (104, 68, 48),
)
_HAIRS: tuple[Colour, ...] = ((38, 30, 28), (74, 48, 34), (120, 76, 44), (176, 122, 66), (222, 184, 116), (150, 66, 38))
_GREY_HAIR: Colour = (168, 170, 174)
_BACKGROUNDS: tuple[Colour, ...] = (
    (216, 235, 237),
    (253, 235, 215),
    (223, 241, 229),
    (232, 226, 244),
    (245, 228, 232),
    (230, 239, 238),
)
_CLOTHES: tuple[Colour, ...] = (
    (11, 85, 99),
    (245, 166, 91),
    (92, 122, 158),
    (148, 84, 110),
    (84, 128, 96),
    (70, 74, 92),
)
_EYES: tuple[Colour, ...] = ((70, 50, 38), (52, 84, 118), (64, 98, 70), (44, 40, 40))


@dataclass(frozen=True)
class _Face:
    """What makes one portrait differ from the next; lengths in units of the finished picture."""

    skin: Colour
    hair: Colour
    eyes: Colour
    width: int
    height: int
    style: str
    glasses: bool
    braces: bool
    freckles: bool


def draw_portrait(random: Random, *, feminine: bool, adult: bool) -> Image.Image:
    """A portrait of 300 × 360 px."""
    styles = ("long", "bob", "bun", "tails") if feminine else ("short", "curly", "fringe", "short")
    face = _Face(
        skin=random.choice(_SKINS),
        hair=_GREY_HAIR if adult and random.random() < 0.2 else random.choice(_HAIRS),
        eyes=random.choice(_EYES),
        width=random.randint(104, 124),
        height=random.randint(136, 152),
        style=random.choice(styles),
        glasses=random.random() < 0.25,
        braces=random.random() < 0.6,
        freckles=not adult and random.random() < 0.2,
    )
    image = Image.new("RGB", (SIZE[0] * _SCALE, SIZE[1] * _SCALE), random.choice(_BACKGROUNDS))
    pen = _Pen(ImageDraw.Draw(image))
    _draw_hair_behind(pen, face)
    _draw_shoulders(pen, face, random.choice(_CLOTHES))
    _draw_head(pen, face)
    _draw_features(pen, face)
    _draw_hair_in_front(pen, face)
    if face.glasses:
        _draw_glasses(pen)
    return image.resize(SIZE, Image.Resampling.LANCZOS)


class _Pen:
    """Shapes around a centre, in units of the finished picture."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def oval(self, at: Box, fill: Colour) -> None:
        self._draw.ellipse(_corners(at), fill=fill)

    def arc(self, at: Box, angles: tuple[int, int], colour: Colour) -> None:
        self._draw.arc(_corners(at), *angles, fill=colour, width=3 * _SCALE)

    def sector(self, at: Box, angles: tuple[int, int], fill: Colour) -> None:
        self._draw.pieslice(_corners(at), *angles, fill=fill)

    def block(self, at: Box, radius: int, fill: Colour) -> None:
        self._draw.rounded_rectangle(_corners(at), radius * _SCALE, fill=fill)

    def ring(self, at: Box, colour: Colour) -> None:
        self._draw.ellipse(_corners(at), outline=colour, width=3 * _SCALE)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: Colour, width: int) -> None:
        points = [(x * _SCALE, y * _SCALE) for x, y in (start, end)]
        self._draw.line(points, fill=colour, width=width * _SCALE)


def _corners(at: Box) -> Box:
    x, y, width, height = at
    left, top = x - width / 2, y - height / 2
    return left * _SCALE, top * _SCALE, (left + width) * _SCALE, (top + height) * _SCALE


_X, _Y = SIZE[0] / 2, 182
"""Centre of the head."""


def _darker(colour: Colour, share: float = 0.85) -> Colour:
    return (int(colour[0] * share), int(colour[1] * share), int(colour[2] * share))


def _draw_hair_behind(pen: _Pen, face: _Face) -> None:
    top = _Y - face.height / 2
    if face.style == "long":
        pen.block((_X, _Y + 40, face.width + 56, face.height + 90), 60, face.hair)
    elif face.style == "bob":
        pen.block((_X, _Y + 6, face.width + 52, face.height + 32), 62, face.hair)
    elif face.style == "bun":
        pen.oval((_X, top - 16, 62, 58), face.hair)
    elif face.style == "tails":
        for side in (-1, 1):
            pen.oval((_X + side * (face.width / 2 + 24), _Y + 22, 44, 110), face.hair)
    elif face.style == "curly":
        for step in range(-3, 4):
            pen.oval((_X + step * 21, top + 22 + abs(step) * 10, 56, 56), face.hair)
    else:
        pen.oval((_X, _Y - 14, face.width + 18, face.height + 8), face.hair)


def _draw_shoulders(pen: _Pen, face: _Face, clothes: Colour) -> None:
    pen.block((_X, 354, 232, 150), 66, clothes)
    pen.block((_X, _Y + face.height / 2 + 2, 46, 62), 20, _darker(face.skin, 0.9))
    pen.sector((_X, 280, 84, 54), (0, 180), _darker(face.skin, 0.9))


def _draw_head(pen: _Pen, face: _Face) -> None:
    for side in (-1, 1):
        pen.oval((_X + side * face.width / 2, _Y + 6, 24, 34), _darker(face.skin, 0.93))
    pen.oval((_X, _Y, face.width, face.height), face.skin)


def _draw_features(pen: _Pen, face: _Face) -> None:
    for side in (-1, 1):
        x = _X + side * 26
        pen.oval((x, _Y - 6, 20, 15), (255, 255, 255))
        pen.oval((x, _Y - 6, 12, 13), face.eyes)
        pen.oval((x + 2, _Y - 9, 4, 4), (255, 255, 255))
        pen.arc((x, _Y - 22, 26, 14), (200, 340), _darker(face.hair, 0.9))
        pen.oval((_X + side * 36, _Y + 22, 24, 14), _blend(face.skin, (232, 120, 110)))
        if face.freckles:
            for offset in (-6, 0, 6):
                pen.oval((_X + side * 32 + offset, _Y + 14 + abs(offset) / 2, 3, 3), _darker(face.skin, 0.75))
    pen.arc((_X, _Y + 12, 16, 14), (20, 160), _darker(face.skin, 0.78))
    _draw_smile(pen, face)


def _draw_smile(pen: _Pen, face: _Face) -> None:
    mouth = _Y + 34
    pen.sector((_X, mouth, 54, 40), (0, 180), (158, 58, 66))
    pen.sector((_X, mouth, 48, 24), (0, 180), (255, 255, 255))
    if face.braces:
        pen.line((_X - 21, mouth + 5), (_X + 21, mouth + 5), (110, 126, 134), 1)
        for step in range(-2, 3):
            colour = (245, 166, 91) if step == 0 else (124, 140, 148)
            pen.block((_X + step * 8, mouth + 5, 5, 5), 1, colour)


def _draw_hair_in_front(pen: _Pen, face: _Face) -> None:
    """A line of hair that leaves the forehead free: straight, parted, or full for a fringe."""
    top = _Y - face.height / 2
    if face.style in ("fringe", "bob"):
        pen.sector((_X, top + 46, face.width + 8, 100), (180, 360), face.hair)
        pen.block((_X, top + 42, face.width - 8, 18), 9, face.hair)
    elif face.style in ("long", "tails", "bun"):
        pen.sector((_X - 26, top + 30, 92, 82), (165, 330), face.hair)
        pen.sector((_X + 34, top + 32, 72, 76), (205, 372), face.hair)
    else:
        pen.sector((_X + 14, top + 24, face.width - 14, 52), (180, 362), face.hair)
        pen.sector((_X - 34, top + 28, 54, 60), (176, 330), face.hair)


def _draw_glasses(pen: _Pen) -> None:
    frame: Colour = (48, 56, 66)
    for side in (-1, 1):
        pen.ring((_X + side * 26, _Y - 5, 40, 40), frame)
    pen.line((_X - 7, _Y - 7), (_X + 7, _Y - 7), frame, 3)


def _blend(colour: Colour, other: Colour) -> Colour:
    return ((colour[0] * 3 + other[0]) // 4, (colour[1] * 3 + other[1]) // 4, (colour[2] * 3 + other[2]) // 4)
