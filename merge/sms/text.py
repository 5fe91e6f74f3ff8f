"""A merged SMS: its text as it will be sent, with what it weighs and what could not be kept."""

from dataclasses import dataclass

from merge.merging import Template
from merge.record import MergeRecord
from merge.sms.segments import Measure, measure, with_replacements


@dataclass(frozen=True, slots=True)
class Sms:
    text: str
    measure: Measure
    replaced: tuple[str, ...]
    """The characters for which a safe one was put."""


def compose_sms(template: Template, record: MergeRecord, *, replace: bool = True) -> Sms:
    """The SMS of a record; `replace` puts safe characters for those that would make it dearer.

    Raise `RecordBlockedError` where a required value is missing.
    """
    merged = template.merge(record).text
    if not replace:
        return Sms(merged, measure(merged), ())
    text = with_replacements(merged)
    kept = measure(text)
    before = measure(merged).offending
    return Sms(text, kept, tuple(sign for sign in before if sign not in kept.offending))
