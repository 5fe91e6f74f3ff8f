"""Before anything is sent: what blocks, what is worth a look, what is good to know, each with its count and remedy."""

import dataclasses

import pytest
from msgspec.structs import replace

from cabinet.dossier import Addressee, Dossier, Patient
from merge.checks import Report, SmsCost, check
from merge.emails.message import compile_email
from merge.findings import Finding, Gravity, Remedy
from merge.letters.composer import Composer
from merge.letters.shipped import shipped_letters
from merge.preparing import Setting, Texts
from merge.recipients import ChannelKind, Choice, Selection, select
from merge.record import IssuedSecret
from merge.template import compile_template
from merge.texts import Audience, EmailText, shipped_email, shipped_sms
from tests.merge.conftest import CABINET, PARENT, SECRET, TODAY

SETTING = Setting(CABINET, TODAY)
TEXTS = Texts(
    {audience: compile_email(shipped_email(audience, confirmed=True)) for audience in Audience},
    compile_template(shipped_sms()),
)
LETTERS = Composer(shipped_letters())
USUAL = Choice()


def people(*addressees: Addressee) -> list[Dossier]:
    return [
        Dossier(Patient(str(number), "", "SPÉCIMEN", f"Enfant{number}"), (addressee,))
        for number, addressee in enumerate(addressees, 1)
    ]


def family(number: int, **changes: str) -> Addressee:
    own = {"last_name": f"FAMILLE{number}", "email": f"f{number}@exemple.fr", "address_1": f"{number} rue du Test"}
    return replace(PARENT, **{**own, **changes})


def report_on(*addressees: Addressee, choice: Choice = USUAL, texts: Texts = TEXTS, **rest: object) -> Report:
    selection = select(people(*addressees), choice, TODAY)
    return check(selection, SETTING, texts, SECRET, letters=LETTERS, **rest)  # type: ignore[arg-type] # as each test says


def only(report: Report) -> Finding:
    (finding,) = report.findings
    return finding


def test_nothing_is_said_where_nothing_is_wrong() -> None:
    report = report_on(family(1), family(2, email=""), family(3, email="", mobile=""))

    assert report.findings == ()
    assert report.blocked == {}
    assert report.by_channel == {ChannelKind.EMAIL: 1, ChannelKind.SMS: 1, ChannelKind.LETTER: 1}


def test_messages_that_invite_to_call_want_a_number() -> None:
    silent = Setting(dataclasses.replace(CABINET, phone=" "), TODAY)
    to = (family(1), family(2, email=""), family(3, email="", mobile=""))
    report = check(select(people(*to), USUAL, TODAY), silent, TEXTS, SECRET, letters=LETTERS)

    found = only(report)
    assert (found.gravity, found.code, found.remedy) == (Gravity.VERIFY, "no-telephone", Remedy.COMPLETE)
    assert found.numbers == ("1", "3"), "an SMS has no room for it"
    assert report.blocked == {}


def test_it_is_good_to_know_that_no_practitioner_signs() -> None:
    unsigned = Setting(dataclasses.replace(CABINET, signatory=CABINET.name), TODAY)
    report = check(select(people(family(1)), USUAL, TODAY), unsigned, TEXTS, SECRET, letters=LETTERS)
    found = only(report)
    assert (found.gravity, found.code, found.remedy) == (Gravity.INFORMATION, "no-signatory", Remedy.COMPLETE)


def test_one_letter_twice_to_one_person_is_worth_a_look() -> None:
    nowhere = {"email": "", "mobile": ""}
    mother, father = family(1, **nowhere), family(1, first_name="Paul", **nowhere)
    patient = Patient("1", "", "SPÉCIMEN", "Enfant")
    dossiers = [
        Dossier(patient, (mother, father, replace(mother, first_name="JEANNE"))),
        Dossier(replace(patient, number="2", first_name="Autre"), (family(2, **nowhere),)),
    ]
    selection = select(dossiers, Choice(both_parents=True), TODAY)
    found = {one.code: one for one in check(selection, SETTING, TEXTS, SECRET, letters=LETTERS).findings}
    assert found["twice"].gravity is Gravity.VERIFY
    assert (found["twice"].numbers, found["twice"].count) == (("1",), 2)


def test_incomplete_addresses_are_one_point_and_block_those_letters_alone() -> None:
    nowhere = {"email": "", "mobile": ""}
    report = report_on(
        family(1, **nowhere), family(2, **nowhere, postcode=""), family(3, **nowhere, city="", address_1="")
    )
    finding = only(report)

    assert (finding.gravity, finding.code, finding.count) == (Gravity.BLOCKING, "incomplete-address", 2)
    assert finding.title == "Adresses incomplètes"
    assert finding.detail == "Nom, voie, code postal ou ville manquants. Ces lettres ne seront pas envoyées."
    assert (finding.numbers, finding.remedy) == (("2", "3"), Remedy.CORRECT)
    assert list(report.blocked) == [1, 2]
    assert report.by_channel[ChannelKind.LETTER] == 1


def test_a_missing_value_blocks_and_names_the_field() -> None:
    report = check(select(people(family(1)), Choice(), TODAY), SETTING, TEXTS, IssuedSecret("mot", ""))
    finding = only(report)

    assert finding.title == "Lien personnel de première visite, valable une seule fois\u00a0: valeur manquante"
    assert finding.gravity is Gravity.BLOCKING


def test_a_password_spelt_out_in_the_text_blocks_under_another_policy() -> None:
    texts = Texts({audience: compile_email(EmailText("x", "Mot de passe : @ORDREapo")) for audience in Audience})
    finding = only(report_on(family(1), family(2), texts=texts))

    assert (finding.code, finding.count) == ("other-pattern", 2)
    assert finding.detail.endswith("Écrivez @MDP à la place.")


def test_a_channel_without_text_blocks() -> None:
    finding = only(report_on(family(1), texts=Texts({})))

    assert (finding.code, finding.remedy) == ("no-text", Remedy.REMOVE)


def test_an_email_that_no_server_takes_counts_as_none() -> None:
    report = report_on(family(1, email="père@exemple.fr", mobile=""))

    assert report.by_channel[ChannelKind.LETTER] == 1
    assert report.by_channel[ChannelKind.EMAIL] == 0


def test_addresses_that_the_reading_refused_are_told() -> None:
    finding = only(report_on(family(1), unread_emails=("test@exemple", "x")))

    assert (finding.code, finding.gravity, finding.count) == ("bad-email", Gravity.VERIFY, 2)
    assert finding.detail.startswith("Exemple\u00a0: «\u00a0test@exemple\u00a0». Ces destinataires sont joints")


def test_who_cannot_be_reached_blocks() -> None:
    finding = only(report_on(Addressee(last_name="SEULE")))

    assert (finding.gravity, finding.code, finding.numbers) == (Gravity.BLOCKING, "unreachable", ("1",))


def test_children_of_one_address_may_be_grouped() -> None:
    report = report_on(family(1), family(1), family(2), family(1))
    finding = only(report)

    assert (finding.gravity, finding.count, finding.numbers) == (Gravity.VERIFY, 3, ("1", "2", "4"))
    assert finding.detail == "Les regrouper économise 2\u00a0envois."
    assert report_on(family(1), family(1), choice=Choice(group_households=True)).findings == ()


def test_one_email_for_two_households_is_worth_a_look() -> None:
    report = report_on(family(1, email="x@exemple.fr"), family(2, email="x@exemple.fr"), family(3))
    finding = only(report)

    assert (finding.code, finding.count) == ("shared-email", 2)
    assert finding.detail == "Jeanne FAMILLE1, Jeanne FAMILLE2\u00a0: vérifiez qu’elle est bien la leur."


def test_sms_are_weighed_for_each_recipient() -> None:
    text = Texts({}, compile_template("Bonjour @DNOM " + "x" * 140))
    long_name = "N" * 30
    report = report_on(family(1, email=""), family(2, email="", last_name=long_name), texts=text, sms_price=690)
    finding = only(report)

    assert (finding.code, finding.count, finding.numbers) == ("sms-parts", 1, ("2",))
    assert report.sms == SmsCost(2, 3, 1, 690)
    assert report.sms.total == 21, "3 × 0,069 €, rounded up to a cent"


def test_a_character_without_replacement_is_named() -> None:
    report = report_on(family(1, email=""), texts=Texts({}, compile_template("Bonjour 🦷")))
    finding = only(report)

    assert finding.code == "sms-characters"
    assert finding.detail.startswith("«\u00a0🦷\u00a0»\u00a0: la longueur permise tombe à 70 caractères.")


def test_a_birth_date_in_a_message_is_worth_a_look() -> None:
    texts = Texts({audience: compile_email(EmailText("x", "Bonjour\nNé le @PNAIS")) for audience in Audience})

    assert only(report_on(family(1), texts=texts)).code == "birth-date"


def test_who_is_already_there_is_good_to_know() -> None:
    dossiers = people(family(1), family(2))
    selection = select(dossiers, Choice(), TODAY, informed=frozenset({"1"}))
    report = check(selection, SETTING, TEXTS, SECRET, connected=frozenset({"2"}))

    assert [(one.code, one.gravity, one.count) for one in report.findings] == [
        ("already-informed", Gravity.INFORMATION, 1),
        ("connected", Gravity.INFORMATION, 1),
    ]


def test_the_gravest_come_first_and_are_counted() -> None:
    report = report_on(family(1), family(1), Addressee(last_name="SEULE"))

    assert [one.gravity for one in report.findings] == [Gravity.BLOCKING, Gravity.VERIFY]
    assert report.counts() == {Gravity.BLOCKING: 1, Gravity.VERIFY: 2, Gravity.INFORMATION: 0}
    assert report.summary == "3\u00a0points relevés sur 2\u00a0destinataires"


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_selection_is_no_problem(count: int) -> None:
    report = check(Selection((), ()), SETTING, TEXTS, SECRET, sms_price=690 * count)

    assert report.summary == "0\u00a0point relevé sur 0\u00a0destinataire"
    assert report.sms.total == 0
