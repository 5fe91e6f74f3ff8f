"""A file cut by patient, and cut again after it changed: what stands is known, what changed is told by number."""

import itertools
from random import Random

import pytest

from cabinet.sources import patient_lines
from cabinet.sources.blocks import BLOCK_BYTES, stretches
from cabinet.sources.chosen_rows import ChosenRows
from cabinet.sources.csv_folder import CsvTable
from cabinet.sources.patient_lines import PatientLines

KEY = b"k" * 32
ROWS = 2_000


def rows(count: int = ROWS) -> list[list[str]]:
    """Five rows a patient."""
    return [[f"{1000 + place // 5}", f"ligne {place}", "x" * (place % 40)] for place in range(count)]


def raw_of(lines: list[list[str]]) -> bytes:
    return "\r\n".join(";".join(row) for row in [["N°", "Quoi", "Reste"], *lines, []]).encode("cp1252")


def cut(lines: list[list[str]], known: PatientLines | None = None) -> PatientLines:
    return PatientLines(CsvTable("t.csv", raw_of(lines)), "N°", KEY, known.known if known else None)


def test_a_file_that_stands_is_known_and_one_that_was_never_seen_is_not() -> None:
    first = cut(rows())
    assert not first.is_known
    assert first.changed == first.numbers == {f"{1000 + n}" for n in range(ROWS // 5)}
    again = cut(rows(), first)
    assert (again.is_known, again.changed) == (True, frozenset())
    assert again.known == first.known


@pytest.mark.parametrize("place", [0, 3, 777, ROWS - 1])
@pytest.mark.parametrize("deed", ["change", "insert", "delete"])
def test_a_line_that_changed_is_its_patients_and_costs_a_few_blocks(place: int, deed: str) -> None:
    first, after = cut(rows()), rows()
    number = after[place][0]
    if deed == "change":
        after[place][1] = "autre chose, et plus long"
    elif deed == "insert":
        after.insert(place, [number, "nouvelle ligne", ""])
    else:
        del after[place]
    again = cut(after, first)
    assert again.changed == {number}
    raw = raw_of(after)
    begin = raw.index(b"\n") + 1
    found = list(stretches(raw, begin, first.known.blocks, KEY))
    assert sum(one.end - one.start for one in found if not one.stands) < 4 * BLOCK_BYTES
    assert (found[0].start, found[-1].end) == (begin, len(raw))
    assert all(one.end == following.start for one, following in itertools.pairwise(found))


def test_a_new_patient_and_one_who_left_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_lines, "BLOCK_BYTES", 500)
    first, after = cut(rows()), rows()
    after = [*after[:1000], ["N-1", "nouveau", ""], *after[1005:]]
    assert cut(after, first).changed == {"N-1", "1200"}


def test_rows_that_moved_together_are_unchanged_and_rows_that_crossed_others_of_their_patient_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patient_lines, "BLOCK_BYTES", 500)
    first, after = cut(rows()), rows()
    moved = after[500:505]
    del after[500:505]
    after[1500:1500] = moved
    assert cut(after, first).changed == frozenset()
    split = [["1000", "avant", ""], *rows(), ["1000", "après", ""]]
    crossed = [["1000", "après", ""], *rows(), ["1000", "avant", ""]]
    assert cut(crossed, cut(split)).changed == {"1000"}
    before, behind = [["1000", "avant", ""], *rows()], [*rows(), ["1000", "avant", ""]]
    assert cut(behind, cut(before)).changed == {"1000"}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_changed_the_lines_of_all_others_are_what_they_were(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)  # noqa: S311 - nothing secret
    monkeypatch.setattr(patient_lines, "BLOCK_BYTES", random.choice((60, 400, 3000)))
    before, known = rows(300), cut(rows(300))
    for _ in range(6):
        after = [list(row) for row in before]
        for _ in range(random.randint(0, 12)):
            place = random.randrange(len(after))
            match random.randrange(5):
                case 0:
                    after[place][1] = random.choice(("", '"entre guillemets"', "neuf"))
                case 1:
                    del after[place]
                case 2:
                    after.insert(place, [random.choice(after)[0], "en plus", ""])
                case 3:
                    after.insert(random.randrange(len(after)), after.pop(place))
                case 4:
                    after = after[place:] + after[:place]
        again = cut(after, known)
        fresh = cut(after)
        for number in (fresh.numbers | known.numbers) - again.changed:
            assert lines_of(before, number) == lines_of(after, number)
        assert again.numbers == fresh.numbers
        assert (again.rows, again.first_number) == (fresh.rows, fresh.first_number)
        some = random.sample(sorted(again.numbers), 5)
        chosen = [list(ChosenRows(one, one.places_of(frozenset(some))).rows()) for one in (again, fresh)]
        assert chosen[0] == chosen[1] == [[cell.strip('"') for cell in row] for row in after if row[0] in some]
        for line, owner in again.owners(range(2, len(after) + 2)).items():
            assert owner[0] == after[line - 2][0]
            assert again.line_of(*owner) == line
        before, known = after, again


def lines_of(lines: list[list[str]], number: str) -> list[list[str]]:
    return [row for row in lines if row[0] == number]
