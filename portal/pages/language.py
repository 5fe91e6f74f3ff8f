"""The languages of the pages: French is written in the sources, every other one is a .po file read at start."""

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.pages.formats import NBSP, English, Formats, French

DEFAULT = "fr"


@dataclass(frozen=True)
class Language:
    """One language: its texts and its way to write dates and money."""

    code: str
    own_name: str
    """What the language calls itself, for the switch."""
    texts: NullTranslations
    formats: Formats

    def translate(self, sentence: str) -> str:
        """A caller's French sentence in this language, or as it is where the catalogue does not have it.

        Callers differ in their no-break spaces; the catalogue has such sentences with ordinary ones. (gettext answers
        "" with its header.)
        """
        plain = sentence.replace(NBSP, " ")
        translated = self.texts.gettext(plain) if plain else ""
        return sentence if translated == plain else translated


@cache
def languages() -> dict[str, Language]:
    """Every language the pages speak, the default one first."""
    return {
        DEFAULT: Language(DEFAULT, "Français", NullTranslations(), French()),
        "en": Language("en", "English", _read_texts("en"), English()),
    }


def language(code: str) -> Language:
    """The language of that code; French for a code that is none of ours."""
    known = languages()
    return known.get(code, known[DEFAULT])


def choose_language(accept_language: str) -> str:
    """Code of the first of our languages in an Accept-Language header (RFC 9110, 12.5.4), by its quality values."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        name, _, value = parameters.strip().partition("=")
        try:
            quality = float(value) if name == "q" else 1.0
        except ValueError:
            quality = 0.0
        wanted.append((-quality, tag.split("-")[0].lower()))
    known = languages()
    for quality, code in sorted(wanted, key=lambda choice: choice[0]):
        if quality < 0 and code in known:
            return code
    return DEFAULT


def _read_texts(code: str) -> GNUTranslations:
    """A .po file as translations, compiled in memory: the repository holds no binary that could go stale."""
    source = files("resources").joinpath("locale", code, "LC_MESSAGES", "portal.po")
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
