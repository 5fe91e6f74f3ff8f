"""One column with both names of a person, or with postcode and town: its texts prove it, or a person is asked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cabinet.guess import Guess
from cabinet.guessing import choices
from cabinet.guessing.model import Level
from tests.cabinet.guessing.exports import (
    FIRST_NAMES,
    NAMES,
    PATIENTS,
    TOWNS,
    born,
    called,
    day,
    fields,
    guessed,
    part_of,
    read_through,
    table,
    write,
)


def patients(folder: Path, header: str, cell: Callable[[str, str], str], *others: str) -> tuple[Guess, Path]:
    """Each patient's number, one cell of their names, day of birth, and the texts of `others`."""
    rows = [(f"{100 + i}", cell(*called(i)), born(i), *others) for i in PATIENTS]
    export = write(folder, {"fiches.csv": table(header, rows)}, "utf-8")
    return guessed(export), export


@pytest.mark.parametrize(
    "header",
    ["NOM_Prénom", "Nom-prénom", "Prénom/NOM", "NOMPRENOM", "Nom_complet", "Patient", "Full.name", "Identité", "NOM"],
)
@pytest.mark.parametrize("form", ["{0} {1}", "{1} {0}", "{0}, {1}", "DE {0} {1}-Paul"])
def test_both_names_of_a_cell_are_read_where_its_texts_show_them(header: str, form: str, tmp_path: Path) -> None:
    found, export = patients(tmp_path, f"N° {header} Naissance", form.format)
    names = fields(found, "patients")
    assert (names["last_name"], names["first_name"]) == (header, header)
    assert f'\nlast_name = {{ column = "{header}", split = true }}  # probable' in found.text
    reading = read_through(found, export)
    assert reading.problems == ()
    patient, addressee = reading.dossiers[0].patient, reading.dossiers[0].addressees[0]
    assert patient.last_name.removeprefix("DE ") == NAMES[0]
    assert patient.first_name.removesuffix("-Paul") == FIRST_NAMES[0]
    assert (addressee.last_name, addressee.first_name) == (patient.last_name, patient.first_name)


@pytest.mark.parametrize("cell", [lambda last, first: f"{last} {first.upper()}", lambda *both: " ".join(both).title()])
def test_where_nothing_shows_the_end_of_the_name_the_cell_stays_whole_and_a_person_is_asked(
    cell: Callable[[str, str], str], tmp_path: Path
) -> None:
    found, export = patients(tmp_path, "N° NOM_Prénom Naissance", cell)
    assert "first_name" not in fields(found, "patients")
    assert (
        "À VÉRIFIER\u00a0: la colonne «\u00a0NOM_Prénom\u00a0» tient le nom et le prénom, et rien ne montre où finit "
        "le nom\u00a0: le tout est lu comme nom. Exportez-les en deux colonnes, ou le nom en capitales "
        "(«\u00a0split\u00a0» les coupe alors)."
    ) in found.text
    reading = read_through(found, export)
    assert reading.problems == ()
    assert reading.dossiers[0].patient.last_name == cell(*called(0))


def test_an_agenda_that_names_its_patients_is_no_table_of_patients(tmp_path: Path) -> None:
    rows = [(f"{i}", " ".join(called(i)), day(i), "09:30") for i in PATIENTS]
    assert guessed(write(tmp_path, {"liste.csv": table("N° Patient Date Heure", rows)})).findings.missing


def test_one_name_among_many_that_cannot_be_cut_is_told(tmp_path: Path) -> None:
    found, export = patients(tmp_path, "N° Patient Naissance", lambda *n: " ".join(n).replace("Tom", "TOM"))
    reading = read_through(found, export)
    assert [(one.code, one.value) for one in reading.problems if one.place.line == 9] == [
        ("unsplit-name", f"{NAMES[7]} TOM")
    ] * 2, "as a patient, and as the addressee"


def test_a_first_name_of_its_own_goes_before_a_half(tmp_path: Path) -> None:
    found, export = patients(tmp_path, "N° Patient Naissance Prénom", "{0} {1}".format, "Usuel")
    assert fields(found, "patients")["first_name"] == "Prénom"
    patient = read_through(found, export).dossiers[0].patient
    assert (patient.last_name, patient.first_name) == (NAMES[0], "Usuel")


def test_last_names_of_several_words_are_no_whole_names(tmp_path: Path) -> None:
    found, export = patients(tmp_path, "N° Nom Naissance", lambda last, _: f"DE LA {last}")
    assert "split" not in found.text
    assert "À VÉRIFIER\u00a0: la colonne «\u00a0Nom" not in found.text
    assert read_through(found, export).dossiers[0].patient.last_name == f"DE LA {NAMES[0]}"


@pytest.mark.parametrize("header", ["Responsable", "Resp_légal", "Père"])
def test_a_parent_is_named_in_one_cell(header: str, tmp_path: Path) -> None:
    rows = [(f"{100 + i}", *called(i), born(i), f"{NAMES[i]} Paul", f"06 39 98 00 0{i}") for i in PATIENTS]
    export = write(tmp_path, {"fiches.csv": table(f"N° Nom Prénom Naissance {header} Tel_{header}", rows)})
    found = guessed(export)
    named = fields(found, "addressees")
    assert (named["last_name"], named["first_name"]) == (header, header)
    assert (named["mobile"], fields(found, "patients")["last_name"]) == (f"Tel_{header}", "Nom")
    addressee = read_through(found, export).dossiers[0].addressees[0]
    assert (addressee.last_name, addressee.first_name) == (NAMES[0], "Paul")


@pytest.mark.parametrize("header", ["Correspondant", "Contact", "Adressé_par", "Dentiste_référent"])
def test_who_may_have_sent_the_patient_is_no_addressee(header: str, tmp_path: Path) -> None:
    rows = [(f"{100 + i}", *called(i), born(i), f"{NAMES[i]} Paul") for i in PATIENTS]
    found = guessed(write(tmp_path, {"fiches.csv": table(f"N° Nom Prénom Naissance {header}", rows)}))
    assert fields(found, "addressees") == {"last_name": "Nom", "first_name": "Prénom"}


def test_addressees_of_a_table_of_their_own_are_named_in_one_cell(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", *called(i), born(i)) for i in PATIENTS]
    parents = [(f"{100 + i}", f"{FIRST_NAMES[i]} {NAMES[i]}", "1 rue X", f"21000 {TOWNS[i]}") for i in PATIENTS]
    export = write(
        tmp_path,
        {
            "patients.csv": table("NUPAT Nom Prénom Naissance", rows),
            "responsables.csv": table("NUPAT Nom_complet Adresse CP_Ville", parents),
        },
    )
    found = guessed(export)
    assert fields(found, "addressees") == {
        "patient": "NUPAT",
        "last_name": "Nom_complet",
        "first_name": "Nom_complet",
        "address_1": "Adresse",
        "postcode": "CP_Ville",
        "city": "CP_Ville",
    }
    reading = read_through(found, export)
    assert reading.problems == ()
    one = reading.dossiers[0].addressees[0]
    assert (one.last_name, one.first_name, one.postcode, one.city) == (NAMES[0], FIRST_NAMES[0], "21000", TOWNS[0])


def at(folder: Path, header: str, *cells: Callable[[str], str]) -> tuple[Guess, Path]:
    """Patients with the cells that are made of their town."""
    rows = [(f"{100 + i}", *called(i), "1 rue X", *(cell(TOWNS[i]) for cell in cells)) for i in PATIENTS]
    export = write(folder, {"patients.csv": table(f"NUPAT Nom Prénom Adresse {header}", rows)})
    return guessed(export), export


@pytest.mark.parametrize("header", ["CP-ville", "CP_VILLE", "Code_postal/Ville", "Ville", "CP", "Commune"])
@pytest.mark.parametrize("form", ["21000 {}", "21000 - {}", "{} (21000)"])
def test_postcode_and_town_of_a_cell_are_read(header: str, form: str, tmp_path: Path) -> None:
    found, export = at(tmp_path, header, form.format)
    place = fields(found, "addressees")
    assert (place["postcode"], place["city"]) == (header, header)
    assert f'\ncity = {{ column = "{header}", split = true }}  # probable' in found.text
    reading = read_through(found, export)
    assert reading.problems == ()
    assert {one.addressees[0].postcode for one in reading.dossiers} == {"21000"}
    assert [one.addressees[0].city for one in reading.dossiers] == list(TOWNS)


def test_columns_of_their_own_go_before_one_of_both(tmp_path: Path) -> None:
    found, _ = at(tmp_path, "CP Ville CP_VILLE", lambda _: "21000", str, "21000 {}".format)
    assert {"postcode": "CP", "city": "Ville"}.items() <= fields(found, "addressees").items()
    assert "split" not in found.text


def test_a_postcode_of_its_own_goes_before_a_half(tmp_path: Path) -> None:
    found, export = at(tmp_path, "CP Ville", lambda _: "21200", "21000 {}".format)
    assert {"postcode": "CP", "city": "Ville"}.items() <= fields(found, "addressees").items()
    addressee = read_through(found, export).dossiers[0].addressees[0]
    assert (addressee.postcode, addressee.city) == ("21200", TOWNS[0])


def test_a_column_of_both_that_shows_neither_is_asked_about(tmp_path: Path) -> None:
    found, export = at(tmp_path, "CP_VILLE", "BP 21000 {}".format)
    assert "À VÉRIFIER\u00a0: la colonne «\u00a0CP_VILLE\u00a0» tient le code postal et la ville" in found.text
    assert read_through(found, export).dossiers[0].addressees[0].city == f"BP 21000 {TOWNS[0]}"


def test_a_person_who_chooses_such_a_column_gets_its_half(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", *called(i), " ".join(called(i)), "21000 Dijon") for i in PATIENTS]
    found = guessed(write(tmp_path, {"p.csv": table("NUPAT Nom Prénom Xyz Abc", rows)}))
    sample = found.samples.tables[0]
    part = choices.with_columns(part_of(found, "patients"), sample, "first_name", ("Xyz",))
    match = part.match("first_name")
    assert match is not None
    assert (match.is_split, match.level, match.question) == (True, Level.CHOSEN, "")
    other = choices.with_columns(part, sample, "first_name", ("Nom",)).match("first_name")
    assert other is not None
    assert not other.is_split
    part = choices.with_columns(part_of(found, "addressees"), sample, "postcode", ("Abc",))
    match = part.match("postcode")
    assert match is not None
    assert (match.is_split, match.question) == (True, "")
