"""The address as the post wants it (NF Z10-011), or the reason why it is not printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.dossier import Addressee
from merge.letters.address import MAX_CHARACTERS, MAX_LINES, address_block, capitals


def addressee(**parts: str) -> Addressee:
    given_parts = {
        "civility": "Madame",
        "last_name": "SPÉCIMEN",
        "first_name": "Jeanne",
        "address_1": "25, rue de l’Église",
        "postcode": "33380",
        "city": "Mios",
    }
    return Addressee(**{**given_parts, **parts})


def test_the_last_lines_are_capitals_without_punctuation() -> None:
    assert address_block(addressee()).lines == ("Madame SPÉCIMEN Jeanne", "25 RUE DE L ÉGLISE", "33380 MIOS")


def test_capitals_keep_an_accent_that_stands_beside_its_letter() -> None:
    assert capitals("12, rue M\u0302o") == "12 RUE M\u0302O"


@pytest.mark.parametrize(
    "complement", ["Appt 204, 2e étage gauche", "Bâtiment B", "Chez Mme Exemple", "Résidence du Lac"]
)
def test_a_complement_stands_before_the_street(complement: str) -> None:
    assert address_block(addressee(address_2=complement)).lines[1:3] == (complement, "25 RUE DE L ÉGLISE")


def test_a_hamlet_or_a_box_stands_after_the_street() -> None:
    lines = address_block(addressee(address_2="Lieu-dit Caudos")).lines
    assert lines[1:] == ("25 RUE DE L ÉGLISE", "LIEU DIT CAUDOS", "33380 MIOS")


def test_a_leading_zero_stays() -> None:
    assert address_block(addressee(postcode="01000", city="Bourg-en-Bresse")).lines[-1] == "01000 BOURG EN BRESSE"


@pytest.mark.parametrize(
    ("parts", "last"),
    [
        ({"postcode": "1205", "city": "GENÈVE, SUISSE"}, ("1205 GENÈVE", "SUISSE")),
        ({"postcode": "1205", "city": "Genève (Suisse)"}, ("1205 GENÈVE", "SUISSE")),
        ({"postcode": "B-1050", "city": "Bruxelles", "address_2": "Belgique"}, ("B 1050 BRUXELLES", "BELGIQUE")),
        ({"postcode": "L-1148", "city": "LUXEMBOURG"}, ("L 1148 LUXEMBOURG", "LUXEMBOURG")),
    ],
)
def test_abroad_the_country_has_its_own_line(parts: dict[str, str], last: tuple[str, str]) -> None:
    block = address_block(addressee(**parts))
    assert block.lines[-2:] == last
    assert block.problems == ()


def test_a_long_name_is_helped_by_a_short_civility() -> None:
    block = address_block(
        addressee(civility="Monsieur et Madame", last_name="EXEMPLE-SPÉCIMEN", first_name="Jean-Marc")
    )
    assert block.lines[0] == "M. et Mme EXEMPLE-SPÉCIMEN Jean-Marc"


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"city": " ", "postcode": ""}, "l’adresse est incomplète : il manque le code postal et la ville."),
        (
            {"last_name": "", "address_1": "", "city": ""},
            "l’adresse est incomplète : il manque le nom, la rue et la ville.",
        ),
        (
            {"postcode": "1205"},
            "« 1205 » n’est pas un code postal français, et l’adresse ne nomme pas de pays.",
        ),
        (
            {"address_1": "1234 boulevard du Maréchal de Lattre de Tassigny"},
            (
                "la ligne d’adresse « 1234 BOULEVARD DU MARÉCHAL DE LATTRE DE TASSIGNY » a 48 caractères, et la norme "
                "postale en admet 38."
            ),
        ),
    ],
)
def test_what_does_not_fit_is_said(parts: dict[str, str], sentence: str) -> None:
    problems = address_block(addressee(**parts)).problems
    assert [problem.what.replace("\u00a0", " ") for problem in problems] == [sentence]
    assert all(problem.todo.endswith(".") for problem in problems)


@given(st.builds(Addressee, *[st.text(max_size=45)] * 7))
def test_an_address_fits_or_has_a_problem(person: Addressee) -> None:
    block = address_block(person)
    fits = len(block.lines) <= MAX_LINES and all(len(line) <= MAX_CHARACTERS for line in block.lines)
    assert fits or block.problems


@pytest.mark.parametrize(
    "postcode", ["01000", "20000", "20600", "97110", "97290", "97400", "97600", "97150", "98000", "98800", "98714"]
)
def test_postcodes_of_mainland_corsica_and_overseas_are_known(postcode: str) -> None:
    assert address_block(addressee(postcode=postcode)).problems == ()


@pytest.mark.parametrize(
    ("parts", "code", "told"),
    [
        ({"postcode": "00100"}, "address-postcode", "aucun code postal français ne commence comme « 00100 »"),
        ({"postcode": "97910"}, "address-postcode", "aucun code postal français"),
        ({"postcode": "99100"}, "address-postcode", "aucun code postal français"),
        ({"postcode": "2A004", "city": "Ajaccio"}, "address-postcode", "les codes postaux commencent par 20"),
        ({"postcode": "1000", "city": "Bourg"}, "address-country", "« 1000 » n’est pas un code postal français"),
        ({"city": "12345"}, "address-town", "« 12345 » n’est pas un nom de ville"),
        ({"city": "21000 Dijon"}, "address-town", "« 21000 Dijon » n’est pas un nom de ville"),
        ({"city": "CEDEX 9"}, "address-town", "n’a pas la forme d’une adresse CEDEX"),
        ({"city": "DIJON CEDEX neuf"}, "address-town", "n’a pas la forme d’une adresse CEDEX"),
    ],
)
def test_a_postcode_or_town_of_no_french_form_is_told(parts: dict[str, str], code: str, told: str) -> None:
    [problem] = address_block(addressee(**parts)).problems
    assert problem.code == code
    assert told in problem.what.replace("\u00a0", " ")


def test_a_zero_that_a_spreadsheet_lost_is_given_back_as_a_remedy() -> None:
    [problem] = address_block(addressee(postcode="1000", city="Bourg-en-Bresse")).problems
    assert problem.todo.startswith("Écrivez 01000 si le zéro du début s’est perdu")


@pytest.mark.parametrize("city", ["DIJON CEDEX", "Dijon Cedex 9", "PARIS CEDEX 08"])
def test_an_office_of_large_customers_is_a_town(city: str) -> None:
    assert address_block(addressee(city=city)).problems == ()


def test_a_postcode_said_again_with_the_town_is_printed_once() -> None:
    assert address_block(addressee(postcode="21000", city="21000 Dijon")).lines[-1] == "21000 DIJON"


def test_abroad_no_french_form_is_asked_for() -> None:
    assert address_block(addressee(postcode="2A004", city="Rome", address_2="Italie")).problems == ()
