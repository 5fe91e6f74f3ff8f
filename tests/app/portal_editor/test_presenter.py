"""What the Portail screen decides, without any widget."""

from pathlib import Path

import pytest

from app.portal_editor.draft_store import DraftStore
from app.portal_editor.items import with_value
from app.portal_editor.presenter import Presenter
from app.portal_editor.tree import ALWAYS, State, counts_sentence, matching, rows
from portal.pages.elements import ELEMENTS
from portal.pages.settings import MAX_ZONE, demo_settings


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def presenter(tmp_path: Path, clock: Clock) -> Presenter:
    made = Presenter(DraftStore(tmp_path), clock)
    made.start()
    made.published_is(1, demo_settings())
    return made


def row_of(presenter: Presenter, key: str) -> object:
    return next(row for row in rows(presenter.settings) if row.key == key)


def test_there_is_nothing_to_edit_before_the_portal_answered_once(tmp_path: Path) -> None:
    presenter = Presenter(DraftStore(tmp_path))
    presenter.start()
    assert not presenter.is_ready
    assert presenter.changes == ()


def test_a_computer_that_is_offline_goes_on_with_what_it_kept(presenter: Presenter, tmp_path: Path) -> None:
    presenter.set_zone("fax", "Autre")
    presenter.save()

    again = Presenter(DraftStore(tmp_path))
    again.start()
    assert [change.item for change in again.changes] == ["zones.fax"]


def test_the_headline_counts(presenter: Presenter) -> None:
    assert presenter.headline == "Aucune modification à publier"
    presenter.set_zone("fax", "Autre")
    assert presenter.headline == "1 modification non publiée"
    presenter.hide("appointments.missed")
    assert presenter.headline == "2 modifications non publiées"


def test_text_that_reads_as_published_is_no_change(tmp_path: Path) -> None:
    presenter = Presenter(DraftStore(tmp_path))
    presenter.published_is(1, with_value(demo_settings(), "zones.fax", "<b>Un</b>"))

    presenter.set_zone("fax", "<strong>Un</strong> !")
    presenter.set_zone("fax", "<strong>Un</strong>")
    assert presenter.changes == ()


def test_what_is_typed_without_a_pause_is_one_step(presenter: Presenter, clock: Clock) -> None:
    for text in ("A", "Au", "Aut"):
        presenter.set_zone("fax", text)
        clock.now += 0.3
    clock.now += 5
    presenter.set_zone("fax", "Autre")

    assert presenter.undo() == "zones.fax"
    assert presenter.settings.zones.fax == "Aut"
    presenter.undo()
    assert presenter.settings.zones.fax == demo_settings().zones.fax
    assert not presenter.can_undo
    presenter.redo()
    presenter.redo()
    assert presenter.settings.zones.fax == "Autre"
    assert not presenter.can_redo


def test_texts_and_visibility_have_one_history(presenter: Presenter) -> None:
    presenter.set_zone("fax", "Autre")
    presenter.toggle("dossier.photo")

    assert presenter.undo() == "hidden.dossier.photo"
    assert presenter.undo() == "zones.fax"
    assert presenter.changes == ()


def test_a_text_longer_than_a_document_may_hold_is_not_taken(presenter: Presenter) -> None:
    assert not presenter.set_zone("access", "x" * (MAX_ZONE + 1))
    assert presenter.changes == ()


def test_the_counter_turns_beyond_what_still_looks_right(presenter: Presenter) -> None:
    presenter.set_zone("greeting", "x" * 400)
    assert presenter.counter("greeting").text == "400 / 400"
    assert not presenter.counter("greeting").is_over
    presenter.set_zone("greeting", "x" * 402)
    assert presenter.counter("greeting").is_over
    (problem,) = presenter.problems()
    assert problem.item == "zones.greeting"
    expected = "Le texte «\u00a0Message d’accueil\u00a0» est trop long de 2 caractères\u00a0: raccourcissez-le."
    assert problem.sentence == expected


@pytest.mark.parametrize(
    ("item", "value"),
    [("contact_email", ""), ("contact_email", "cabinet@"), ("route_url", "http://exemple.fr"), ("kind_names.RVC", " ")],
)
def test_a_problem_knows_where_it_can_be_put_right(presenter: Presenter, item: str, value: str) -> None:
    presenter.set_value(item, value)

    assert [problem.item for problem in presenter.problems()] == [item]


def test_hiding_keeps_what_was_hidden_within_for_later(presenter: Presenter) -> None:
    presenter.toggle("appointments.history.kind")
    presenter.toggle("appointments.history")
    assert presenter.settings.hidden == ()  # a box that is ticked in part is ticked whole first
    presenter.toggle("appointments.history")
    assert presenter.settings.hidden == ("appointments.history",)


def test_showing_a_part_shows_what_it_stands_in(presenter: Presenter) -> None:
    presenter.toggle("appointments")
    presenter.toggle("appointments.history.kind")

    assert presenter.settings.hidden == ()


def test_what_is_always_shown_cannot_be_hidden(presenter: Presenter) -> None:
    presenter.toggle("header.sign_out")
    presenter.hide("sign_in.submit")

    assert presenter.changes == ()


def test_the_tree_has_every_element_once(presenter: Presenter) -> None:
    keys = [row.key for row in rows(presenter.settings)]

    assert sorted(keys) == sorted([*(element.key for element in ELEMENTS), ALWAYS])
    seen: set[str] = set()
    for row in rows(presenter.settings):
        assert row.parent in seen | {""}, row.key
        seen.add(row.key)
        assert bool(row.locked) == (row.key == ALWAYS or any(e.essential for e in ELEMENTS if e.key == row.key))


def test_a_branch_is_ticked_in_part_when_something_in_it_is_hidden(presenter: Presenter) -> None:
    presenter.hide("appointments.missed")
    states = {row.key: row.state for row in rows(presenter.settings)}

    assert states["appointments"] is State.PARTLY
    assert states["appointments.missed"] is State.HIDDEN
    assert counts_sentence(presenter.settings) == f"1 masqué sur {len(ELEMENTS)}"


def test_what_stands_in_something_hidden_is_told(presenter: Presenter) -> None:
    presenter.hide("appointments")
    under = {row.key: row.is_under_hidden for row in rows(presenter.settings)}

    assert under["appointments.history.date"]
    assert not under["appointments"]
    assert not under["contact"]


def test_the_tree_is_searched_without_accents_and_keeps_the_way_up(presenter: Presenter) -> None:
    found = matching("duree", rows(presenter.settings))

    assert "appointments.history.duration" in found
    assert {"appointments", "appointments.history"} <= found
    assert "contact" not in found


def test_another_computers_version_is_told(presenter: Presenter) -> None:
    presenter.set_zone("fax", "Le mien")
    said = presenter.published_is(2, with_value(demo_settings(), "zones.title", "Le sien"))
    assert said == (
        "Un autre poste a publié entre-temps\u00a0: ses modifications sont reprises, les vôtres sont gardées."
    )
    assert presenter.published_is(2, demo_settings()) == ""

    said = presenter.published_is(3, with_value(demo_settings(), "zones.fax", "Le sien"))
    assert said == "Un autre poste a publié entre-temps, et modifié les mêmes éléments que vous."


def test_what_is_typed_while_publishing_stays_a_change(presenter: Presenter) -> None:
    presenter.set_zone("fax", "Envoyé")
    sent = presenter.settings
    presenter.set_zone("title", "Tapé entre-temps")

    presenter.was_published(sent, 2, sent)

    assert [change.item for change in presenter.changes] == ["zones.title"]


def test_an_earlier_version_is_one_step_to_undo(presenter: Presenter) -> None:
    presenter.replace_all(with_value(demo_settings(), "zones.fax", "Avant"))
    assert len(presenter.changes) == 1

    presenter.undo()
    assert presenter.changes == ()
