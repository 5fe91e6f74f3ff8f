"""The colours and type of what is printed, from DESIGN-LANGUAGE (Colour, Type)."""

from merge.letters.fonts import Face
from merge.letters.text import SOFT_INK
from merge.letters.typography import INK, Style

BAND, PRIMARY, OUTLINE, RULE = "#0A3A44", "#0B5563", "#6B8288", "#D3DFDE"
APRICOT, APRICOT_100, ARROW = "#F5A65B", "#FDEBD7", "#B45A10"
FOLD = "#9DB2B6"
TITLE = Style(Face.BOLD, 14.0, INK)
FACTS = Style(Face.REGULAR, 9.4, SOFT_INK)
BODY = Style(Face.REGULAR, 11.0, INK)
FOOTER = Style(Face.REGULAR, 8.5, SOFT_INK)
LABEL = Style(Face.SEMIBOLD, 8.8, INK)
CAPTION = Style(Face.REGULAR, 10.5, INK)
ON_DARK = Style(Face.BOLD, 10.0, "#FFFFFF")
