"""A document of many letters: no data source of Word's, no template of its own, endnotes where their letter ends."""

from collections.abc import Iterator

from lxml import etree

from merge.word.package import WordFile, parse, relations_of, written
from merge.word.xml import OFF, W, child, read_part, remove, value_of

_ELSEWHERE = frozenset({"mailMergeSource", "mailMergeHeaderSource", "recipientData", "attachedTemplate"})
_AFTER_ENDNOTES = ("compat", "docVars", "rsids", "themeFontLang", "clrSchemeMapping", "shapeDefaults", "decimalSymbol")
"""Some of what follows `endnotePr` (ECMA-376, part 1, A.1, CT_Settings)."""


def settled(word: WordFile) -> WordFile:
    """The document without the link to a data source, which would ask or merge once more, and with endnotes in place.

    Nor to the template that it was made from: Word opens that, wherever it is, with every letter.
    Word gathers endnotes at the end of the document: behind the last letter, with everybody's values.
    """
    name = word.related("settings")
    if name is None or name not in word.parts:
        return word
    settings = read_part(word.parts[name])
    parts = dict(word.parts)
    sources = list(settings.iter(f"{W}mailMerge", f"{W}attachedTemplate"))
    has_endnotes = word.related("endnotes") is not None
    if not sources and not has_endnotes:
        return word
    for element in sources:
        remove(element)
    relations = relations_of(name)
    if relations in parts and sources:
        tree = parse(parts[relations])
        for relation in list(tree):
            if relation.get("Type", "").rpartition("/")[2] in _ELSEWHERE:
                remove(relation)
        parts[relations] = written(tree)
    if has_endnotes:
        _end_with_sections(settings)
    parts[name] = written(settings)
    return WordFile(parts, word.main)


def has_sides(word: WordFile) -> bool:
    """Whether the document's odd pages differ from its even ones: it is made for both sides of the sheet."""
    settings = _settings(word)
    return settings is not None and any(
        value_of(one) not in OFF for one in settings.iterchildren(f"{W}evenAndOddHeaders", f"{W}mirrorMargins")
    )


def section_endnotes(word: WordFile) -> bool:
    """Whether endnotes stand where their section ends."""
    settings = _settings(word)
    return settings is not None and value_of(settings.find(f"{W}endnotePr/{W}pos")) == "sectEnd"


def footnote_settings(word: WordFile) -> Iterator[etree._Element]:
    """What the document says of all footnotes."""
    settings = _settings(word)
    if settings is not None:
        yield from settings.iterchildren(f"{W}footnotePr")


def _settings(word: WordFile) -> etree._Element | None:
    name = word.related("settings")
    return read_part(word.parts[name]) if name is not None and name in word.parts else None


def _end_with_sections(settings: etree._Element) -> None:
    notes = child(settings, "endnotePr")
    if notes is None:
        notes = etree.Element(f"{W}endnotePr")
        later = {f"{W}{name}" for name in _AFTER_ENDNOTES}
        after = next((one for one in settings if one.tag in later), None)
        if after is None:
            settings.append(notes)
        else:
            after.addprevious(notes)
    place = child(notes, "pos")
    if place is None:
        place = etree.Element(f"{W}pos")
        notes.insert(0, place)
    place.set(f"{W}val", "sectEnd")
