"""Why no table is the patients', table by table, and the beginning of a mapping for the likeliest."""

from pathlib import Path

import pytest

from cabinet.errors import SourceError
from cabinet.guess import guess
from cabinet.guessing.nobody import NO_PATIENTS
from cabinet.mapping import parse_mapping
from cabinet.sources.location import Location

NAMES = ("MARTINEAU", "PETIT", "GIRARD", "ROUX")


def rows(text: str) -> str:
    """A line for each name: `{n}` is its number, `{name}` itself."""
    return "".join(f"{text.format(n=4000 + n, name=name, day=10 + n)}\n" for n, name in enumerate(NAMES, start=1))


def found_in(folder: Path, **tables: str) -> tuple[tuple[str, ...], str]:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    found = guess(Location(str(folder)))
    assert found.findings.missing == NO_PATIENTS
    return found.findings.why_missing, found.text


def test_a_first_line_of_values_is_told_as_such(tmp_path: Path) -> None:
    why, text = found_in(
        tmp_path, patients=rows("{n};{name};Zoé;{day}/04/2012"), rdv=rows("{n};{day}/09/2026;11:20;CTRL")
    )
    of_patients, of_visits = why
    assert of_patients == (
        "la première ligne de patients.csv n’a pas les noms des colonnes, mais des valeurs («\u00a04001\u00a0», "
        "«\u00a011/04/2012\u00a0»). Refaites cet export avec les noms des colonnes en première ligne."
    )
    assert of_visits.startswith("la première ligne de rdv.csv n’a pas les noms des colonnes")
    assert all(f"# À VÉRIFIER\u00a0: {sentence}" in text for sentence in why)


def test_a_number_on_several_lines_asks_for_the_list_of_patients(tmp_path: Path) -> None:
    lines = "Dossier;Nom;Prénom;Né le;Date RDV\n" + rows("{n};{name};Zoé;{day}/04/2012;{day}/09/2026") * 3
    why, text = found_in(tmp_path, extraction=lines)
    [told] = why
    assert told == (
        "dans extraction.csv, un même «\u00a0Dossier\u00a0» revient jusqu’à 3 fois\u00a0: ses lignes sont des "
        "rendez-vous ou des actes. Exportez aussi la liste des patients, une ligne par patient, au même endroit."
    )
    assert '# file = "extraction.csv"\n# [patients.columns]\n# number = ""\n# last_name = "Nom"' in text


def test_a_number_that_is_missing_on_lines_is_to_be_completed(tmp_path: Path) -> None:
    lines = "Dossier;Nom;Prénom\n" + rows("{n};{name};Zoé") + ";ROY;Luc\n;BLANC;Mia\n"
    why, _ = found_in(tmp_path, clients=lines)
    assert why == ("dans clients.csv, «\u00a0Dossier\u00a0» manque à des lignes. Complétez-le dans l’export.",)


def test_people_who_may_be_the_patients_are_a_persons_to_name(tmp_path: Path) -> None:
    people = rows("{n};{name}")
    why, _ = found_in(tmp_path, relations="Ref;nom_relation\n" + people, praticiens="Ref;Nom\n" + people)
    assert why == ("rien ne dit que relations.csv est la table des patients. Si c’est elle, indiquez-la.",)


@pytest.mark.parametrize("header", ["Nom;Prénom;Né le", "Patient;Ville;DDN"])
def test_names_without_a_number_ask_for_it(tmp_path: Path, header: str) -> None:
    why, _ = found_in(tmp_path, liste=f"{header}\n" + rows("{name};Zoé;{day}/04/2012"))
    [told] = why
    assert told == (
        "liste.csv a les noms des patients, mais pas leur numéro de dossier, qui les distingue les uns des autres. "
        "Ajoutez-le à l’export."
    )


def test_what_the_outline_says_is_a_mapping_once_its_number_is_written(tmp_path: Path) -> None:
    _, text = found_in(tmp_path, liste="Ref;Nom;Prénom;Né le\n" + rows("{n}{name};{name};Zoé;{day}/04/2012") * 2)
    begun, _, outline = text.partition("retirez les #\u00a0:\n")
    completed = "\n".join(line.removeprefix("# ") for line in outline.partition("\n\n")[0].splitlines())
    mapping = parse_mapping(begun + "\n" + completed.replace('number = ""', 'number = "Ref"'), "mapping.toml")
    assert mapping.patients.file == "liste.csv"


def test_of_tables_without_patients_nothing_is_said(tmp_path: Path) -> None:
    why, text = found_in(tmp_path, stock="REF;QTE\nA;1\nB;2\n")
    assert why == ()
    assert '# file = ""' in text


def test_a_person_may_say_which_table_it_is(tmp_path: Path) -> None:
    (tmp_path / "liste.csv").write_text("Clef;Cognome\n" + rows("{n};{name}"), encoding="utf-8")
    location = Location(str(tmp_path))
    assert guess(location).findings.missing == NO_PATIENTS
    named = guess(location, patients="liste.csv").findings
    assert (named.missing, named.parts[0].file) == ("", "liste.csv")
    with pytest.raises(SourceError) as refused:
        guess(location, patients="autre.csv")
    assert (refused.value.what, refused.value.todo) == (
        "L’export n’a pas de table «\u00a0autre.csv\u00a0».",
        "Donnez l’une de celles-ci\u00a0: liste.csv.",
    )
