"""The words of the letterhead and of the date line, from the cabinet's own text zones."""

from merge.letters.model import Letterhead
from merge.letters.orthotypography import french
from merge.record import MergeRecord
from merge.template import compile_template


def letterhead_lines(letterhead: Letterhead, record: MergeRecord) -> tuple[str, ...]:
    """The title, its further lines, then the lines of facts. The cabinet's name stands in for an empty title."""
    title = _fact(letterhead.title, record).split("\n") if _fact(letterhead.title, record) else [record.cabinet.name]
    facts = [
        " · ".join(filter(None, (_fact(text, record).replace("\n", ", ") for text in line)))
        for line in letterhead.lines
    ]
    return tuple(line for line in (*title, *facts) if line)


def place_and_date(text: str, record: MergeRecord) -> str:
    """« Dijon, le 12 janvier 2026 »; without a city « Le 12 janvier 2026 »."""
    date = compile_template(french(text)).merge(record).text
    city = record.cabinet.city
    return f"{city}, {date}" if city else date[:1].upper() + date[1:]


def first_line(zone: str) -> str:
    """The first line of a text zone, or ""."""
    return next(iter(zone.splitlines()), "").strip()


def with_label(label: str, value: str) -> str:
    """« Tél. 03 … »; a zone that begins with words has its own label (« TEL : 03 … »); "" for nothing."""
    return f"{label} {value}" if value and not value[0].isalpha() else value


def _fact(text: str, record: MergeRecord) -> str:
    """A text with its fields, or "" when they are empty; without the label when the value begins with its own."""
    template = compile_template(french(text))
    values = [value for slot in template.slots() if (value := slot.field.render(record))]
    if template.fields and not values:
        return ""
    if len(values) == 1 and values[0][:1].isalpha() and not text.startswith(("@", "*")):
        return values[0]
    return template.merge(record).text
