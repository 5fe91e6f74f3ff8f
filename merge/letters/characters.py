"""What a character that cannot be printed is called, in words that reception understands."""

import unicodedata

_SCRIPTS = {
    "ARMENIAN": "lettre arménienne",
    "BENGALI": "lettre bengalie",
    "CJK": "idéogramme chinois, japonais ou coréen",
    "DEVANAGARI": "lettre devanagari",
    "ETHIOPIC": "lettre éthiopienne",
    "GEORGIAN": "lettre géorgienne",
    "GUJARATI": "lettre gujaratie",
    "GURMUKHI": "lettre pendjabie",
    "HANGUL": "lettre coréenne",
    "HEBREW": "lettre hébraïque",
    "HIRAGANA": "lettre japonaise",
    "KATAKANA": "lettre japonaise",
    "KHMER": "lettre khmère",
    "LAO": "lettre laotienne",
    "MALAYALAM": "lettre malayalam",
    "MYANMAR": "lettre birmane",
    "SINHALA": "lettre cingalaise",
    "SYRIAC": "lettre syriaque",
    "TAMIL": "lettre tamoule",
    "TELUGU": "lettre télougou",
    "THAI": "lettre thaïe",
    "TIBETAN": "lettre tibétaine",
    "TIFINAGH": "lettre tifinaghe",
}
"""By the first word of a character's Unicode name."""
_KINDS = {
    "So": "pictogramme",
    "Sm": "signe mathématique",
    "Sc": "signe monétaire",
    "L": "lettre rare",
    "M": "accent",
    "N": "chiffre ou nombre",
    "P": "signe de ponctuation",
    "S": "symbole",
    "Z": "espace",
}
"""By Unicode category, or its first letter."""


def in_plain_words(character: str) -> str:
    """« lettre hébraïque », « pictogramme »: without an article."""
    script = unicodedata.name(character, "").partition(" ")[0]
    category = unicodedata.category(character)
    return _SCRIPTS.get(script) or _KINDS.get(category) or _KINDS.get(category[0]) or "caractère invisible"
