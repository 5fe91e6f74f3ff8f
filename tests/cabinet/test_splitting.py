"""Cells of two fields are cut where their text shows it, and lose nothing where it does not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.mapping import parse_mapping
from cabinet.problems import Severity
from cabinet.reading import Reading, read
from cabinet.sources.location import Location
from cabinet.splitting import split_name, split_place
from cabinet.values import clean
from tests.cabinet.conftest import KEY

MAPPING = """
version = 1
[patients]
file = "p.csv"
[patients.columns]
number = "N"
last_name = { column = "Patient", split = true }
first_name = { column = "Patient", split = true }
[[addressees]]
[addressees.columns]
last_name = { column = "Patient", split = true }
postcode = { column = "CP - ville", split = true }
city = { column = "CP - ville", split = true }
"""


def reading_of(folder: Path, *lines: str) -> Reading:
    text = "\n".join(("N;Patient;CP - ville", *lines)) + "\n"
    (folder / "p.csv").write_text(text, encoding="utf-8")
    return read(Location(str(folder)), parse_mapping(MAPPING, "m.toml"), KEY)


@pytest.mark.parametrize(
    ("text", "last", "first"),
    [
        ("DUPONT Jean", "DUPONT", "Jean"),
        ("  DUPONT   Jean ", "DUPONT", "Jean"),
        ("DE LA TOUR Jean-Marc", "DE LA TOUR", "Jean-Marc"),
        ("de la TOUR Jean", "de la TOUR", "Jean"),
        ("De La TOUR Anne Sophie", "De La TOUR", "Anne Sophie"),
        ("Jean-Marc DE LA TOUR", "DE LA TOUR", "Jean-Marc"),
        ("Jean de la TOUR", "de la TOUR", "Jean"),
        ("Marie de Lourdes DUPONT", "DUPONT", "Marie de Lourdes"),
        ("LE GOFF-MARTIN Éloïse", "LE GOFF-MARTIN", "Éloïse"),
        ("N'DIAYE Inès", "N'DIAYE", "Inès"),
        ("d’ARC Jeanne", "d’ARC", "Jeanne"),
        ("McDONALD Kate", "McDONALD", "Kate"),
        ("NGUYEN Van An", "NGUYEN", "Van An"),
        ("DUPONT Jean P.", "DUPONT", "Jean P."),
        ("DUPONT marie", "DUPONT", "marie"),
        ("ADÉYẸMÍ Bọ̀lá", "ADÉYẸMÍ", "Bọ̀lá"),
        ("Dupont, Jean", "Dupont", "Jean"),
        ("DUPONT, JEAN", "DUPONT", "JEAN"),
        ("DUPONT,J.", "DUPONT", "J."),
        ("Garcia Lopez, Maria", "Garcia Lopez", "Maria"),
        ("MARTEL", "MARTEL", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_cut_where_capitals_or_a_comma_show_it(text: str, last: str, first: str) -> None:
    assert split_name(text) == (last, first)


@pytest.mark.parametrize(
    "text",
    [
        *("DUPONT JEAN", "Dupont Jean", "dupont jean", "DUPONT J.", "J. DUPONT", "MacDonald Kate", "أحمد محمد"),
        *("DE Oliveira Maria", "LE Van An", "DUPONT Jean MARTIN", "DUPONT née MARTIN Claire", "DUPONT ép. Martin Eve"),
        *("SAINT-EXUPÉRY Antoine de", "SAINT-EXUPÉRY Antoine De", "BERG Jan van der", "SAINT-EXUPÉRY, Antoine de"),
        *("Saint-Exupéry, de Antoine", "SAINT-EXUPÉRY (de) Antoine"),
        *("Mme DUPONT", "M. DUPONT Jean", "Famille DUPONT", "DUPONT Jean et Marie", "DUPONT Jean, DURAND Marie"),
        *("Jean, DUPONT", "DUPONT, Mme", "DUPONT,", ", Jean", "A, B, C", "CPAM Dijon", "UDAF Beaune", "DUPONT Jean 2"),
    ],
)
def test_a_name_that_does_not_show_it_is_not_cut(text: str) -> None:
    assert split_name(text) is None


@pytest.mark.parametrize(
    ("text", "postcode", "city"),
    [
        *((text, "21000", "DIJON") for text in ("21000 DIJON", "21000 - DIJON", "21000DIJON", "21 000 DIJON")),
        *((text, "21000", "Dijon") for text in ("Dijon 21000", "Dijon (21000)", "Dijon, 21000", "Dijon - 21000")),
        *((text, "21000", "Dijon") for text in ("Dijon 21 000", "Dijon (21 000)", "Dijon, 21 000")),
        ("Lyon 3 69 003", "69003", "Lyon 3"),
        ("01000 BOURG-EN-BRESSE", "01000", "BOURG-EN-BRESSE"),
        ("21078 DIJON CEDEX 9", "21078", "DIJON CEDEX 9"),
        ("75012 PARIS 12", "75012", "PARIS 12"),
        ("F-21000 Dijon", "F-21000", "Dijon"),
        ("CH-1200 Genève", "CH-1200", "Genève"),
        ("1000 Bruxelles", "1000", "Bruxelles"),
        ("21000", "21000", ""),
        ("21000.0", "21000.0", ""),
        ("Dijon", "", "Dijon"),
        ("PARIS 12", "", "PARIS 12"),
        ("", "", ""),
    ],
)
def test_a_postcode_and_its_city_are_cut(text: str, postcode: str, city: str) -> None:
    assert split_place(text) == (postcode, city)


@pytest.mark.parametrize(
    "text",
    [
        *("21000 DIJON 21000", "BP 12345 DIJON", "12 rue Y 21000 DIJON", "1234567 X", "21000 -", "DIJON 2100"),
        *("Dijon 21.000", "Dijon 21-000", "Dijon 121 000", "2A000 Ajaccio", "1 000 Lausanne", "21 000 DIJON 21 000"),
    ],
)
def test_a_place_whose_postcode_is_in_doubt_is_not_cut(text: str) -> None:
    assert split_place(text) is None


_SIGNS = st.text(st.sampled_from("AÉaé '’-,.( )19ẸBọ̀") | st.characters(codec="utf-8"), max_size=25)


@given(_SIGNS)
def test_what_is_cut_loses_no_letter_and_no_figure(text: str) -> None:
    def signs(some: str) -> list[str]:
        return sorted(c for c in some if c.isalnum())

    for halves in (split_name(text), split_place(text)):
        assert halves is None or signs("".join(halves)) == signs(clean(text))


def test_both_halves_are_read_and_what_cannot_be_cut_stays_whole_and_is_told(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path, "1;DE LA TOUR Jean-Marc;21000 - Dijon", "2;DUPONT JEAN;BP 12345 DIJON", "3;MARTEL;", "4;;21000"
    )
    names = [(one.patient.last_name, one.patient.first_name) for one in reading.dossiers]
    assert names == [("DE LA TOUR", "Jean-Marc"), ("DUPONT JEAN", ""), ("MARTEL", ""), ("", "")]
    places = [(one.addressees[0].postcode, one.addressees[0].city) for one in reading.dossiers]
    assert places == [("21000", "Dijon"), ("", "BP 12345 DIJON"), ("", ""), ("21000", "")]
    assert [(one.severity, one.code, one.sentence) for one in reading.problems] == [
        (
            Severity.WARNING,
            "unsplit-name",
            (
                "«\u00a0DUPONT JEAN\u00a0» (prénom) ne montre pas où finit le nom\u00a0: le tout est lu comme nom. "
                "Écrivez le nom en capitales (DUPONT Jean) ou une virgule après lui (Dupont, Jean)."
            ),
        ),
        (
            Severity.WARNING,
            "unsplit-place",
            (
                "«\u00a0BP 12345 DIJON\u00a0» (code postal) ne montre pas où commence la ville\u00a0: le tout est lu "
                "comme ville. Écrivez le code postal avant la ville (21000 DIJON)."
            ),
        ),
    ]


def test_a_table_of_values_is_looked_up_before_a_cell_is_cut(tmp_path: Path) -> None:
    text = MAPPING.replace("split = true", 'split = true, values = { "DUPONT JEAN" = "DUPONT Jean" }', 2)
    reading_of(tmp_path, "1;DUPONT JEAN;21000 Dijon")
    patient = read(Location(str(tmp_path)), parse_mapping(text, "m.toml"), KEY).dossiers[0].patient
    assert (patient.last_name, patient.first_name) == ("DUPONT", "Jean")


def test_a_mapping_without_it_reads_the_cell_as_before(tmp_path: Path) -> None:
    reading_of(tmp_path, "1;DUPONT Jean;21000 Dijon")
    text = MAPPING.replace(", split = true", "")
    patient = read(Location(str(tmp_path)), parse_mapping(text, "m.toml"), KEY).dossiers[0].patient
    assert (patient.last_name, patient.first_name) == ("DUPONT Jean", "DUPONT Jean")
