"""Whatever a cell says, a parser gives a value that can be stored, or a refusal: never another exception."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cabinet.binding import form_of
from cabinet.fields import FIELDS, FieldInfo
from cabinet.mapping_parts import Format
from cabinet.values import Unreadable

FORM = form_of(Format(last_short_year=2035), ZoneInfo("Europe/Paris"))
READ_ALIKE = {(field.kind, field.is_past): field for field in FIELDS.values()}
cells = (
    st.text(max_size=40)
    | st.text("0123456789/-.:,+ hHàTZE€\u00a0\u202f", max_size=30)
    | st.from_regex(r"\A\d\d/\d\d/20\d\d \d\d:\d\d[+-]\d\d:\d\d\Z")
)


@pytest.mark.parametrize("field", READ_ALIKE.values(), ids=lambda field: field.label)
@given(cells)
@example("9" * 5000)
@example("9" * 25)
@example("1," + "0" * 5000)
@example("08/10/2020 02:10+99:99")
@example("08/10/2020 02:10+\u0660\u0662:00")
@example("\u0660\u0668/10/2020")
@example("\u0663,50")
def test_any_cell_is_a_value_that_can_be_stored_or_a_refusal(field: FieldInfo, cell: str) -> None:
    parse: Callable[[str], object] = FORM.values(field).parse
    try:
        value = parse(cell)
    except Unreadable:
        return
    stored = msgspec.json.encode(value)
    if isinstance(value, dt.datetime):
        assert value.tzinfo is None
    assert msgspec.json.decode(stored, type=type(value)) == value
