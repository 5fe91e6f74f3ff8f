"""`webortho sync` and exports of which only a few patients are missing, as patients do not leave."""

from sync.report import Outcome
from tests.e2e.journey.clinic import Clinic


def test_an_export_that_ends_three_patients_too_early_withdraws_nobody(published: Clinic) -> None:
    before, whole = published.nightly.shown(), dict(published.export.names)
    published.export.names = dict(list(whole.items())[:-3])
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    for changed in (1, 0):
        ended = published.nightly.sync()
        assert ended.exit_code == 1
        assert ended.document["held"] == ["0058", "0059", "0060"]
        assert (ended.document["is_cut"], ended.document["changed"]) == (True, changed)
        lines = published.nightly.sync("--explain", "0059").document["lines"]
        assert lines[1] == (
            "Retenu\u00a0: l’export s’est peut-être arrêté trop tôt, il y manque les derniers numéros, dont le sien. "
            "Le portail garde le dossier d’avant jusqu’à ce qu’un praticien confirme."
        )
    assert {entry.number for entry in published.nightly.shown().entries} == {entry.number for entry in before.entries}

    published.export.names = whole
    published.export.write()
    assert published.nightly.run_here().status is Outcome.DONE
    assert published.nightly.shown() == before


def test_a_practitioner_confirms_that_the_last_ones_left(published: Clinic) -> None:
    published.export.names = dict(list(published.export.names.items())[:-3])
    published.export.write()
    assert published.nightly.run_here(confirm_withdrawals=False).status is Outcome.HELD
    assert published.practitioner.run_here(confirm_withdrawals=True).withdrawn == 3
    assert published.nightly.run_here().status is Outcome.CURRENT


def test_numbers_that_lost_their_zeros_keep_their_files_and_get_no_second_one(published: Clinic) -> None:
    before, whole = published.nightly.shown(), dict(published.export.names)
    published.export.names = {n.lstrip("0") if n in ("0005", "0006") else n: name for n, name in whole.items()}
    published.export.write()
    for _ in range(2):
        ended = published.nightly.sync()
        assert ended.exit_code == 1
        assert ended.document["respelled"] == [["0005", "5"], ["0006", "6"]]
        assert (ended.document["added"], ended.document["withdrawn"]) == (0, 0)
    assert published.nightly.shown() == before

    lines = published.nightly.sync("--explain", "5").document["lines"]
    assert lines[1].startswith("Retenu\u00a0: les zéros au début de ce numéro ont changé dans l’export.")
    confirmed = published.practitioner.run_here(confirm_withdrawals=True)
    assert (confirmed.added, confirmed.withdrawn, confirmed.status) == (2, 2, Outcome.DONE)
