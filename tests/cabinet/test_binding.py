"""What a table's texts mean is worked out once, and known to readings that go on with the table."""

from zoneinfo import ZoneInfo

import pytest

from cabinet import binding
from cabinet.binding import Cache, Forms
from cabinet.fields import FIELDS
from cabinet.mapping_parts import Format
from cabinet.values import MissingValue, Unreadable

PARIS = ZoneInfo("Europe/Paris")


def test_a_text_is_read_once_and_one_that_cannot_be_read_is_refused_each_time() -> None:
    read: list[str] = []

    def parse(text: str) -> int:
        read.append(text)
        if not text.isdigit():
            raise Unreadable("no-number", "n’est pas un nombre")
        return int(text)

    cache = Cache(parse)
    assert [cache[text] for text in ("7", "8", "7")] == [7, 8, 7]
    for _ in range(2):
        with pytest.raises(Unreadable, match="n’est pas un nombre") as refused:
            cache["sept"]
        assert (refused.value.code, refused.value.reason) == ("no-number", "n’est pas un nombre")
    assert read == ["7", "8", "sept"]


def test_a_required_field_that_is_empty_is_missing_each_time() -> None:
    def parse(_: str) -> object:
        raise MissingValue("last_name")

    cache = Cache(parse)
    for _ in range(2):
        with pytest.raises(MissingValue):
            cache[""]


def test_a_column_where_no_text_can_be_read_does_not_fill_the_memory() -> None:
    read: list[str] = []

    def parse(text: str) -> object:
        read.append(text)
        raise Unreadable("no-number", "n’est pas un nombre")

    cache = Cache(parse)
    for number in (*range(1000), *range(1000)):
        with pytest.raises(Unreadable):
            cache[str(number)]
    assert len(read) == 2000 - binding.MOST_REFUSED


def test_a_column_where_no_text_comes_again_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binding, "MOST_TEXTS", 10)
    cache = Cache(int)
    assert [cache[f"{n}"] for n in range(100)] == list(range(100))
    assert len(cache) <= 10


def test_days_and_sums_of_a_table_are_known_to_who_reads_it_next_and_those_of_others_are_not() -> None:
    forms = Forms()
    first = forms.of("fees", "honoraires.csv", Format(), PARIS)
    assert first.values(FIELDS["date"])["01/02/2024"].isoformat() == "2024-02-01"
    assert first.values(FIELDS["amount"])["1 234,50"] == 123450
    again = forms.of("fees", "honoraires.csv", Format(), PARIS)
    assert set(again.values(FIELDS["date"])) == {"01/02/2024"}
    assert set(again.values(FIELDS["amount"])) == {"1 234,50"}
    assert (again.dates.forms, again.amounts.seen) == (("jj/mm/aaaa",), {","})
    for path, table in (("fees", "autres.csv"), ("instalments", "honoraires.csv")):
        assert not forms.of(path, table, Format(), PARIS).values(FIELDS["date"])
