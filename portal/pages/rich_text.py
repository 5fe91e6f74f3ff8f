"""The cabinet's text zones: what of HTML they may hold, made safe at write and again at read.

Bold, italic, a colour of the palette, links, lists, paragraphs and line breaks. A colour is a class name, never a
style attribute, so that a zone passes the pages' strict content security policy and follows the dark theme.
"""

import re
from functools import lru_cache
from html import unescape

import nh3
from markupsafe import Markup

COLOURS: dict[str, str] = {
    "couleur-canard": "Canard",
    "couleur-gris": "Gris",
    "couleur-vert": "Vert",
    "couleur-brun": "Brun",
    "couleur-rouge": "Rouge",
}
"""Class name -> French name: the palette whose contrast is computed in light and in dark (DESIGN-LANGUAGE.md)."""

LINK_SCHEMES = frozenset({"https", "mailto", "tel"})

_cleaner = nh3.Cleaner(
    tags={"a", "b", "br", "em", "i", "li", "ol", "p", "span", "strong", "ul"},
    attributes={"a": {"href"}},
    allowed_classes={"span": set(COLOURS)},
    url_schemes=set(LINK_SCHEMES),
    url_relative="deny",
    link_rel="noopener",
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TAG = re.compile(r"<[^>]*>")
_LINE_END = re.compile(r"<br>|</p>|</li>")
_FRENCH_PHONE = re.compile(r"(?<![\d+])(?:\+33[ .\u00a0]?|0)[1-9](?:[ .\-\u00a0]?\d{2}){4}(?!\d)")
"""Ten digits from 0, or +33 and nine, grouped or not (ARCEP numbering plan)."""


@lru_cache(maxsize=4096)
def clean_html(html: str) -> str:
    """The same text without anything but the allowed marks. Idempotent; kept, for every page reads seven zones."""
    return _cleaner.clean(_CONTROL.sub("", html)).strip()


@lru_cache(maxsize=4096)
def plain_lines(html: str) -> tuple[str, ...]:
    """The lines of a zone without marks, empty ones left out."""
    text = unescape(_TAG.sub("", _LINE_END.sub("\n", clean_html(html))))
    return tuple(line for line in (" ".join(part.split(" ")).strip() for part in text.split("\n")) if line)


def find_phone(html: str) -> str:
    """The first French telephone number of a zone as it is written there, or ""."""
    found = _FRENCH_PHONE.search(" ".join(plain_lines(html)))
    return found[0] if found else ""


def phone_address(phone: str) -> str:
    """The tel: address of a French number (RFC 3966, global form), or "" for none."""
    digits = re.sub(r"\D", "", phone)
    if not digits:
        return ""
    return f"tel:+33{digits[1:]}" if digits.startswith("0") else f"tel:+{digits}"


@lru_cache(maxsize=4096)
def zone_markup(html: str, *, link_phone: bool = False) -> Markup:
    """A zone, ready to be shown. `link_phone` turns its telephone numbers into links, unless it holds links already."""
    cleaned = clean_html(html)
    if link_phone and "<a" not in cleaned:
        cleaned = _FRENCH_PHONE.sub(lambda found: f'<a href="{phone_address(found[0])}">{found[0]}</a>', cleaned)
    return Markup(cleaned)  # noqa: S704  # sanitised three lines above
