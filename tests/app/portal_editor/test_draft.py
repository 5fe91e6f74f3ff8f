"""What changed between the published document and the draft, and what becomes of it when another computer publishes."""

from msgspec.structs import replace

from app.portal_editor.draft import Draft, changes, new_draft, rebased, summary
from app.portal_editor.items import label_of, taken, value_of, with_value
from portal.pages.settings import FirstAccess, FirstAccessPolicy, PortalSettings, ProtectionLevel, demo_settings

PUBLISHED = demo_settings()


def edited(**items: object) -> PortalSettings:
    """The demo document with items changed, named with __ for the dot."""
    settings = PUBLISHED
    for name, value in items.items():
        settings = with_value(settings, name.replace("__", "."), value)  # type: ignore[arg-type]
    return settings


def test_the_same_document_has_no_changes() -> None:
    assert changes(PUBLISHED, PUBLISHED) == ()
    assert summary(()) == ""


def test_each_kind_of_item_is_a_change_of_its_own_in_the_order_of_the_screen() -> None:
    draft = edited(contact_email="autre@exemple.fr", zones__greeting="Bienvenue.", zones__hours="Lundi")
    draft = with_value(draft, "hidden.appointments.missed", value=True)
    draft = with_value(draft, "kind_names.RVC", "Visite de contrôle")

    found = changes(PUBLISHED, draft)

    assert [change.item for change in found] == [
        "zones.greeting",
        "zones.hours",
        "hidden.appointments.missed",
        "kind_names.RVC",
        "contact_email",
    ]
    assert summary(found[:3]) == "Message d’accueil, horaires de consultation, rendez-vous manqués à masquer"


def test_a_change_says_what_was_and_what_will_be() -> None:
    (change,) = changes(PUBLISHED, edited(zones__hours="<p>Lundi</p><p>Mardi</p>"))

    assert change.said_before.startswith("Lundi, mardi, jeudi")
    assert change.said_after == "Lundi\n\nMardi"
    assert not change.is_only_style


def test_bold_alone_is_a_change_of_style() -> None:
    (change,) = changes(PUBLISHED, edited(zones__title="<strong>Cabinet d’orthodontie du Parc</strong>"))

    assert change.is_only_style


def test_the_first_access_is_told_in_words() -> None:
    first = FirstAccess(FirstAccessPolicy.PATTERN, ProtectionLevel.CONFIRMED, "@ORDREapo")
    (change,) = changes(PUBLISHED, edited(first_access=first))

    assert change.said_after == "Modèle à partir du numéro (@ORDREapo), confirmé par un lien envoyé au patient"


def test_a_column_is_named_with_its_table() -> None:
    assert label_of("hidden.appointments.upcoming.date") == "Rendez-vous à venir, Date"


def test_one_item_can_go_back_to_what_is_published() -> None:
    draft = Draft(3, PUBLISHED, edited(zones__title="Autre", zones__fax="Autre"))

    assert [change.item for change in draft.reverted("zones.fax").changes] == ["zones.title"]


def test_taking_an_item_takes_nothing_else() -> None:
    draft = edited(zones__title="Autre", zones__fax="Autre")

    assert value_of(taken("zones.fax", PUBLISHED, draft), "zones.title") == "Autre"


def test_a_name_given_as_nothing_is_taken_away() -> None:
    assert "RVC" not in with_value(PUBLISHED, "kind_names.RVC", "").kind_names


def test_what_another_computer_published_is_taken_over_and_ours_is_kept() -> None:
    draft = Draft(3, PUBLISHED, edited(zones__greeting="Le mien"))

    now = rebased(draft, 4, edited(zones__fax="Le sien"))

    assert now.version == 4
    assert now.settings.zones.fax == "Le sien"
    assert [change.item for change in now.changes] == ["zones.greeting"]
    assert now.undecided == ()


def test_an_item_that_both_changed_waits_for_a_decision() -> None:
    draft = Draft(3, PUBLISHED, edited(zones__greeting="Le mien", zones__title="Le mien"))

    now = rebased(draft, 4, edited(zones__greeting="Le sien"))

    assert now.undecided == ("zones.greeting",)
    assert now.settings.zones.greeting == "Le mien"
    assert now.decided("zones.greeting", keep_mine=True).settings.zones.greeting == "Le mien"
    theirs = now.decided("zones.greeting", keep_mine=False)
    assert theirs.settings.zones.greeting == "Le sien"
    assert [change.item for change in theirs.changes] == ["zones.title"]


def test_the_same_change_on_both_computers_needs_no_decision() -> None:
    draft = Draft(3, PUBLISHED, edited(zones__greeting="Pareil"))

    assert rebased(draft, 4, edited(zones__greeting="Pareil")).undecided == ()


def test_what_is_undecided_stays_so_when_yet_another_version_comes() -> None:
    draft = rebased(Draft(3, PUBLISHED, edited(zones__greeting="Le mien")), 4, edited(zones__greeting="Le sien"))

    later = rebased(draft, 5, replace(edited(zones__greeting="Le sien"), route_url=""))

    assert later.undecided == ("zones.greeting",)
    assert later.settings.route_url == ""


def test_an_item_typed_as_the_portal_has_it_needs_no_decision_any_more() -> None:
    draft = rebased(Draft(3, PUBLISHED, edited(zones__greeting="Le mien")), 4, edited(zones__greeting="Le sien"))

    assert draft.with_settings(edited(zones__greeting="Le sien")).undecided == ()


def test_a_new_draft_changes_nothing() -> None:
    assert new_draft(2, PUBLISHED).changes == ()
