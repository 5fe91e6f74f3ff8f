"""What workbooks and databases hold becomes the text that an export would hold."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.sources.typed import as_text
from cabinet.values import Amounts


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  12 rue de l’Exemple ", "  12 rue de l’Exemple "),
        (True, "1"),
        (False, "0"),
        (5312, "5312"),
        (5312.0, "5312"),
        (390.5, "390.5"),
        (1e21, "1000000000000000000000"),
        (float("nan"), ""),
        (Decimal("390.00"), "390"),
        (Decimal("-12.30"), "-12.30"),
        (1.234, "1.2340"),
        (dt.date(2026, 10, 6), "2026-10-06"),
        (dt.datetime(2026, 10, 6, 16, 20), "2026-10-06T16:20:00"),  # noqa: DTZ001 - a cell has no zone
        (dt.datetime(2026, 10, 6, 16, 20, tzinfo=dt.UTC), "2026-10-06T16:20:00+00:00"),
        (dt.time(16, 20), "16:20"),
        (dt.timedelta(hours=1, minutes=30), "01:30"),
        ("Éloïse".encode(), "Éloïse"),
        (b"\xff\xd8\xff\xe0 a picture", ""),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
    ],
)
def test_a_cell_is_written_as_an_export_would(cell: object, text: str) -> None:
    assert as_text(cell) == text


@given(st.integers(-99_999_999, 99_999_999))
def test_every_amount_of_cents_comes_through_a_float_and_a_decimal(cents: int) -> None:
    for cell in (cents / 100, Decimal(cents) / 100):
        assert Amounts().cents(as_text(cell)) == cents
