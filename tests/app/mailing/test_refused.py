"""Messages that were refused: told one by one, kept for later without a name, offered again until they were made."""

import dataclasses
import datetime as dt
from pathlib import Path

from msgspec.structs import replace

from app.mailing.recipe import Recipe, select
from app.mailing.refused import (
    FILE_NAME,
    Refused,
    add_later,
    counted,
    later_of,
    of_papers,
    of_recipient,
    read_later,
    settle,
)
from merge.letters.problems import LetterProblem, refused_secrets, told_for_each_child
from merge.recipients import ChannelKind, Recipient
from merge.record import IssuedSecret
from tests.merge.conftest import PARENT, make_dossier, make_record

DAY = dt.date(2026, 1, 12)
RECIPE = Recipe(model="rentrée")
LETTER, EMAIL = ChannelKind.LETTER, ChannelKind.EMAIL


def refused(number: str, channel: ChannelKind = LETTER) -> Refused:
    return Refused((number,), "Jeanne ESSAI", channel, "Il manque la ville.")


def test_a_paper_with_two_faults_is_one_line() -> None:
    record = make_record()
    problems = [
        LetterProblem.of(record, "a", "il manque la ville.", "Complétez."),
        LetterProblem.of(record, "b", "le nom est trop large.", "Abrégez."),
        LetterProblem.of(make_record(patient={"number": "7"}), "a", "il manque la ville.", "Complétez."),
    ]
    assert of_papers(problems) == (
        Refused(("5312",), "SPÉCIMEN Jeanne", LETTER, "Il manque la ville. Complétez. Le nom est trop large. Abrégez."),
        Refused(("7",), "SPÉCIMEN Jeanne", LETTER, "Il manque la ville. Complétez."),
    )


def test_a_household_s_message_is_one_and_each_child_s() -> None:
    both = Recipient(PARENT, (make_dossier("1"), make_dossier("2")), EMAIL, "jeanne@exemple.fr")
    one = of_recipient(both, "Pourquoi.")
    later = later_of([one, refused("3", EMAIL)], DAY, RECIPE)
    assert one.numbers == ("1", "2")
    assert [waiting.number for waiting in later.messages] == ["1", "2", "3"]
    assert later.sentence == "2\u00a0e-mails refusés attendent depuis le 12\u00a0janvier 2026."
    assert later.without(["1"]).sentence == later.sentence, "the other child's is still to be made"


def test_a_household_s_letter_is_one_line_whatever_keeps_it_from_each_child() -> None:
    records = [make_record(patient={"number": number}) for number in ("1", "2")]
    household = dataclasses.replace(records[0], children=tuple(one.dossier for one in records))
    fault = LetterProblem.of(household, "a", "il manque la ville.", "Complétez.")
    (first, _) = letters = told_for_each_child(household, [fault])
    cards = [LetterProblem.of(records[1], "b", "le nom est trop large.", "Abrégez.")]
    assert of_papers([*letters, *cards]) == (
        Refused(("1", "2"), first.name, LETTER, "Il manque la ville. Complétez. Le nom est trop large. Abrégez."),
    )
    assert [one.numbers for one in of_papers(replace(one, household=()) for one in letters)] == [("1",), ("2",)]


def test_a_household_s_letter_that_lacks_one_child_s_access_is_one_line() -> None:
    records = [make_record(patient={"number": number}) for number in ("1", "2")]
    secrets = (IssuedSecret(password_words=""), IssuedSecret(password_words="", refused="Le dossier 2 n’est pas là."))
    household = dataclasses.replace(records[0], children=tuple(one.dossier for one in records), child_secrets=secrets)
    (one,) = of_papers(refused_secrets(household))
    assert one.numbers == ("1", "2")
    assert one.why.endswith("Préparez une lettre par enfant. Le dossier 2 n’est pas là.")


def test_what_an_earlier_version_kept_is_counted_as_it_was(tmp_path: Path) -> None:
    kept = '{"day":"2026-01-12","model":"","group":true,"messages":['
    kept += '{"number":"1","channel":"letter","to":"aa"},{"number":"2","channel":"letter","to":"bb"}]}'
    (tmp_path / FILE_NAME).write_text(kept)
    later = read_later(tmp_path)
    assert later is not None
    assert later.sentence == "2\u00a0lettres refusées attendent depuis le 12\u00a0janvier 2026."


def test_they_are_counted_by_what_they_are() -> None:
    assert counted([LETTER]) == "1\u00a0lettre refusée"
    assert counted([LETTER] * 3) == "3\u00a0lettres refusées"
    assert counted([LETTER, EMAIL]) == "2\u00a0messages refusés"


def test_what_waits_is_kept_without_a_name_and_goes_as_it_is_made(tmp_path: Path) -> None:
    add_later(later_of([refused("1"), refused("2", EMAIL)], DAY, RECIPE), tmp_path)
    add_later(later_of([refused("3")], dt.date(2026, 2, 1), RECIPE), tmp_path)
    kept = read_later(tmp_path)

    assert kept is not None
    assert [(one.number, one.channel) for one in kept.messages] == [("1", LETTER), ("2", EMAIL), ("3", LETTER)]
    assert kept.sentence == "3\u00a0messages refusés attendent depuis le 12\u00a0janvier 2026."
    assert "ESSAI" not in (tmp_path / FILE_NAME).read_text("utf-8")
    settle(tmp_path, ["1", "2", "99"])
    rest = read_later(tmp_path)
    assert rest is not None
    assert rest.sentence == "1\u00a0lettre refusée attend depuis le 12\u00a0janvier 2026."
    settle(tmp_path, ["3"])
    assert read_later(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_list_keeps_nothing_from_starting(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"{")
    assert read_later(tmp_path) is None


def test_trying_again_writes_to_just_these_by_the_same_channels() -> None:
    dossiers = [make_dossier(number) for number in ("1", "2", "3")]
    recipe = later_of([refused("1"), refused("3", EMAIL)], DAY, RECIPE).recipe
    chosen = select(recipe, dossiers, (), DAY, ()).recipients

    assert recipe.model == "rentrée"
    assert [(one.numbers[0], one.channel) for one in chosen] == [("1", LETTER), ("3", EMAIL)]


def test_of_two_parents_only_the_one_who_was_refused_is_written_to_again() -> None:
    father = replace(PARENT, first_name="Marc", address_1="9 rue de l’Exemple")
    dossier = replace(make_dossier("1"), addressees=(PARENT, father))
    both = [Recipient(one, (dossier,), LETTER) for one in (PARENT, father)]
    recipe = later_of([of_recipient(both[1], "Pourquoi.")], DAY, replace(RECIPE, both_parents=True)).recipe

    moved = replace(dossier, addressees=(PARENT, replace(father, address_1="1 rue Neuve")))
    assert [one.addressee.first_name for one in select(recipe, [moved], (), DAY, ()).recipients] == ["Marc"]
    renamed = replace(dossier, addressees=(PARENT, replace(father, first_name="Marco")))
    assert len(select(recipe, [renamed], (), DAY, ()).recipients) == 2, "nobody is forgotten for a corrected name"


def test_a_parent_who_was_not_written_to_is_not_for_the_other_s_corrected_name() -> None:
    dossier = replace(make_dossier("1"), addressees=(PARENT, replace(PARENT, first_name="Marc")))
    recipe = later_of([of_recipient(Recipient(PARENT, (dossier,), LETTER), "Pourquoi.")], DAY, RECIPE).recipe
    renamed = replace(dossier, addressees=(replace(PARENT, first_name="Janne"), dossier.addressees[1]))
    assert [one.addressee.first_name for one in select(recipe, [renamed], (), DAY, ()).recipients] == ["Janne"]
