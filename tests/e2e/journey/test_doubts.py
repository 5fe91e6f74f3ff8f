"""`webortho sync` and exports of which only a few patients are missing, as patients do not leave."""

import pytest

from cli.embedded_portal import EmbeddedPortal
from sync.errors import LossesRefused
from sync.report import Outcome
from tests.e2e.journey.clinic import HELD_BACK, Clinic, hide, on_the_portal


def test_an_export_that_ends_three_patients_too_early_withdraws_nobody(published: Clinic) -> None:
    before, whole = published.nightly.shown(), dict(published.export.names)
    published.export.names = dict(list(whole.items())[:-3])
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    for told, changed in zip(published.nightly.nights_held_back(), (1, 0), strict=True):
        assert told["held"] == ["0058", "0059", "0060"]
        assert (told["is_cut"], told["changed"]) == (True, changed)
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


def end_visits_before(clinic: Clinic, number: str) -> None:
    """Cut the table at the end of a line."""
    visits = clinic.export.folder / "rdv.csv"
    whole = visits.read_text()
    visits.write_text(whole[: whole.index(f"\n{number};") + 1])


def test_a_table_that_ends_twelve_patients_too_early_publishes_nothing(published: Clinic) -> None:
    before = published.nightly.shown()
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    end_visits_before(published, "0049")
    for told in published.nightly.nights_held_back():
        assert told["what"] == (
            "L’export semble incomplet\u00a0: les derniers patients n’ont plus de rendez-vous depuis la dernière "
            f"synchronisation. {HELD_BACK}"
        )
    assert published.nightly.shown() == before
    published.export.write()
    assert published.nightly.run_here().changed == 1


def test_a_practitioner_confirms_that_the_last_ones_have_no_visit_any_more(published: Clinic) -> None:
    assert published.practitioner.run_here().status is Outcome.CURRENT
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    assert published.practitioner.run_here().changed == 1
    end_visits_before(published, "0049")
    with pytest.raises(LossesRefused):
        published.practitioner.run_here()
    assert published.practitioner.run_here(confirm_losses=True).changed == 12
    assert published.practitioner.run_here().status is Outcome.CURRENT


def test_what_another_computer_published_is_not_refused_here(published: Clinic) -> None:
    end_visits_before(published, "0049")
    with pytest.raises(LossesRefused):
        published.nightly.run_here()
    assert published.practitioner.run_here(confirm_losses=True).changed == 12
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    end_visits_before(published, "0049")
    assert published.nightly.run_here().changed == 1


def test_numbers_that_lost_their_zeros_keep_their_files_and_get_no_second_one(published: Clinic) -> None:
    before, whole = published.nightly.shown(), dict(published.export.names)
    published.export.names = {n.lstrip("0") if n in ("0005", "0006") else n: name for n, name in whole.items()}
    published.export.write()
    for told in published.nightly.nights_held_back():
        assert told["respelled"] == [["0005", "5"], ["0006", "6"]]
        assert (told["added"], told["withdrawn"]) == (0, 0)
    assert published.nightly.shown() == before

    lines = published.nightly.sync("--explain", "5").document["lines"]
    assert lines[1].startswith("Retenu\u00a0: les zéros au début de ce numéro ont changé dans l’export.")
    confirmed = published.practitioner.run_here(confirm_withdrawals=True)
    assert (confirmed.added, confirmed.withdrawn, confirmed.status) == (2, 2, Outcome.DONE)


def test_a_new_patient_whose_number_is_spelled_like_an_erased_one_is_published_once_a_practitioner_says_so(
    published: Clinic,
) -> None:
    hide(published.portal, published.code, "0007")
    del published.export.names["0007"]
    published.export.names["7"] = "NOUVEAU"
    published.export.write()
    told = published.nightly.sync().document
    assert (told["added"], told["left_out"]) == (0, 1)
    lines = published.nightly.sync("--explain", "7").document["lines"]
    assert lines[1].endswith("Si c’est quelqu’un d’autre, un praticien peut le publier avec --confirm-reused 7.")

    assert published.nightly.sync("--confirm-reused", "7").exit_code == 3, "a night's computer confirms nothing"
    ended = published.practitioner.sync("--confirm-reused", "7")
    assert (ended.exit_code, ended.document["added"], ended.document["left_out"]) == (0, 1, 0)
    for computer in (published.nightly, published.practitioner):
        again = computer.run_here()
        assert (again.added, again.withdrawn, again.left_out) == (0, 0, 0)


def forget_who_is_barred(portal: EmbeddedPortal, cabinet: str) -> None:
    """As a portal does that was restored from a backup of before."""
    on_the_portal(
        portal,
        "from portal.server.publishing.models import NotPublished; "
        "NotPublished.objects.of(find_cabinet(sys.argv[1])).delete()",
        cabinet,
    )


def test_who_was_erased_does_not_return_with_a_portal_that_was_restored_from_before(published: Clinic) -> None:
    hide(published.portal, published.code, "0007", "ERASED")
    hide(published.portal, published.code, "0008")
    assert published.nightly.run_here().left_out == 2
    forget_who_is_barred(published.portal, published.code)
    for _ in range(2):
        published.nightly.run_here()
        shown = {entry.number for entry in published.nightly.shown().entries}
        assert "0007" not in shown
        assert "0008" in shown, "the cabinet's own choice is made anew"
    assert published.nightly.run_here().requests == 1
