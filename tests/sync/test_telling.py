"""A run's report in French: plurals, no-break spaces, and no patient named."""

import msgspec
import pytest

from portal.api.shapes import TableCounts
from sync.cancel import CancelToken
from sync.errors import Cancelled
from sync.report import Outcome, RunReport
from sync.telling import sentences
from sync.wording import counted, number, size

REPORT = RunReport(Outcome.DONE, "demo", "https://portail.exemple.fr", False, TableCounts(patients=1300))


def told(**changes: object) -> tuple[str, ...]:
    return sentences(msgspec.structs.replace(REPORT, **changes))


def test_what_was_published_is_counted() -> None:
    assert told(added=1250, changed=1, withdrawn=2, unchanged=50, photos=1) == (
        "1\u00a0250\u00a0dossiers ajoutés, 1 mis à jour, 2\u00a0retirés, 50\u00a0inchangés.",
        "1\u00a0photo envoyée.",
    )


def test_a_night_without_a_change_says_so() -> None:
    assert told(status=Outcome.CURRENT, unchanged=1, left_out=2) == (
        "Le portail est à jour\u00a0: 1\u00a0dossier, rien à publier.",
        "Non publiés, à votre demande ou à celle du patient\u00a0: 2.",
    )


def test_a_dry_run_speaks_of_what_would_be() -> None:
    assert told(status=Outcome.PLANNED, added=2, unchanged=0) == (
        "Essai sans publication\u00a0: 2\u00a0dossiers à ajouter, 0 à mettre à jour, 0 à retirer, 0\u00a0inchangé.",
    )


def test_a_held_withdrawal_is_told_by_number_of_patients_alone() -> None:
    (_, held) = told(status=Outcome.HELD, held=("4801",))
    assert held.startswith("1\u00a0retrait en attente\u00a0: ")
    assert "4801" not in held


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0\u00a0octet"), (999, "999\u00a0octets"), (1400, "1,4\u00a0ko"), (1_999_999, "2,0\u00a0Mo")],
)
def test_sizes_are_read_as_people_read_them(count: int, text: str) -> None:
    assert size(count) == text


def test_numbers_and_plurals() -> None:
    assert (number(1234567), counted(1, "cheval", "chevaux"), counted(2, "cheval", "chevaux")) == (
        "1\u00a0234\u00a0567",
        "1\u00a0cheval",
        "2\u00a0chevaux",
    )


def test_a_cancelled_run_does_not_sleep_on() -> None:
    token = CancelToken()
    token.wait(0)
    token.cancel()
    with pytest.raises(Cancelled):
        token.wait(600)
