"""The mapping file: what it may say, and how it is told what is wrong with it."""

from pathlib import Path

import pytest

from cabinet.errors import MappingError
from cabinet.mapping import default_mapping, load_mapping, parse_mapping
from cabinet.mapping_parts import DateOrder, Encoding, Format
from tests.cabinet.conftest import Export

MINIMAL = 'version = 1\n[patients]\nfile = "p.csv"\n[patients.columns]\nnumber = "N"\n'


def refusal_of(text: str) -> str:
    with pytest.raises(MappingError) as error:
        parse_mapping(text, "m.toml")
    return str(error.value)


def test_the_default_mapping_is_valid_and_maps_every_table() -> None:
    mapping = default_mapping()
    assert mapping.time_zone == "Europe/Paris"
    assert all(
        (mapping.addressees, mapping.appointments, mapping.instalments, mapping.fees, mapping.balances, mapping.photos)
    )


def test_a_mapping_needs_no_more_than_the_patients_numbers() -> None:
    mapping = parse_mapping(MINIMAL, "m.toml")
    assert (mapping.patients.columns.number, mapping.appointments, mapping.addressees) == ("N", None, ())


def test_a_tables_own_format_goes_before_the_mappings() -> None:
    mapping = parse_mapping(
        MINIMAL.replace("[patients]", '[format]\nencoding = "cp1252"\ndelimiter = ","\n[patients]'), "m"
    )
    own = Format(encoding=Encoding.UTF_8, dates=DateOrder.MONTH_FIRST)
    assert mapping.format_of(own) == Format(encoding=Encoding.UTF_8, delimiter=",", dates=DateOrder.MONTH_FIRST)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            MINIMAL.replace("[patients]", "[patientz]", 1),
            (
                "Le mapping m.toml contient une clé inconnue\u00a0: «\u00a0patientz\u00a0». Vouliez-vous dire "
                "«\u00a0patients\u00a0»\u00a0?"
            ),
        ),
        (
            MINIMAL.replace("number", "numbre"),
            (
                "Le mapping m.toml contient une clé inconnue\u00a0: «\u00a0patients.columns.numbre\u00a0». "
                "Vouliez-vous "
                "dire "
                "«\u00a0number\u00a0»\u00a0?"
            ),
        ),
        (
            MINIMAL + 'civility = { colum = "Civ" }\n',
            (
                "Le mapping m.toml contient une clé inconnue\u00a0: «\u00a0patients.columns.civility.colum\u00a0». "
                "Vouliez-vous dire "
                "«\u00a0column\u00a0»\u00a0?"
            ),
        ),
        (
            MINIMAL + "[photos]\nxyz = 1\n",
            (
                "Le mapping m.toml contient une clé inconnue\u00a0: «\u00a0photos.xyz\u00a0». Clés possibles "
                "ici\u00a0: "
                "folder, files."
            ),
        ),
        ("version = 1\n", "Dans le mapping m.toml, il manque la clé «\u00a0patients\u00a0». Ajoutez-la."),
        (
            MINIMAL + "[appointments]\nfile = 'a'\n[appointments.columns]\npatient = 'N'\n",
            "Dans le mapping m.toml, il manque la clé «\u00a0appointments.columns.start\u00a0». Ajoutez-la.",
        ),
        (
            MINIMAL.replace('"p.csv"', "3"),
            (
                "Dans le mapping m.toml, «\u00a0patients.file\u00a0» doit être un texte entre guillemets. "
                "Corrigez cette "
                "valeur."
            ),
        ),
        (
            MINIMAL + "civility = {}\n",
            (
                "Dans le mapping m.toml, «\u00a0patients.columns.civility\u00a0» doit avoir une seule des clés column, "
                "columns, "
                "constant. Gardez celle qui dit d’où vient la valeur."
            ),
        ),
        (
            MINIMAL.replace("[patients]", '[format]\nencoding = "latin"\n[patients]'),
            (
                "Dans le mapping m.toml, «\u00a0format.encoding\u00a0» vaut «\u00a0latin\u00a0», qui n’est pas "
                "possible. "
                "Les valeurs "
                "possibles sont décrites dans l’exemple resources/demo/mapping.toml."
            ),
        ),
        (
            MINIMAL.replace("[patients]", '[format]\ndelimiter = ";;"\n[patients]'),
            "Dans le mapping m.toml, «\u00a0format.delimiter\u00a0» doit tenir en un caractère. Corrigez cette valeur.",
        ),
        (
            MINIMAL.replace('"p.csv"', '""'),
            "Dans le mapping m.toml, «\u00a0patients.file\u00a0» ne doit pas être vide. Corrigez cette valeur.",
        ),
        (
            MINIMAL + "[[addressees]]\nfile = 'd.csv'\n[addressees.columns]\n",
            (
                "Dans le mapping m.toml, il manque la clé «\u00a0addressees[1].columns.patient\u00a0». Elle dit à quel "
                "patient "
                "appartient une ligne de d.csv."
            ),
        ),
        (
            MINIMAL + '[photos]\nfiles = ["photos/x.jpg"]\n',
            (
                "Dans le mapping m.toml, un chemin de «\u00a0photos.files\u00a0» n’a pas "
                "«\u00a0{number}\u00a0». Écrivez "
                "par exemple "
                "«\u00a0photos/{number}.jpg\u00a0»."
            ),
        ),
        (
            MINIMAL + 'birth_date = { column = "Né le", split = true }\n',
            (
                "Dans le mapping m.toml, «\u00a0patients.columns.birth_date\u00a0» ne se coupe pas en deux "
                "(«\u00a0split\u00a0»). «\u00a0split\u00a0» convient à last_name, first_name, postcode, city."
            ),
        ),
        (
            MINIMAL.replace("version = 1", 'version = 1\ntime_zone = "Dijon"'),
            (
                "Dans le mapping m.toml, «\u00a0time_zone\u00a0» n’est pas un fuseau horaire connu. Pour la France "
                "métropolitaine, "
                "mettez «\u00a0Europe/Paris\u00a0»."
            ),
        ),
        (
            MINIMAL.replace("version = 1", "version = 2"),
            (
                "Le mapping m.toml est de la version 2, ce programme lit la version 1. Mettez WebOrtho à jour, "
                "ou reprenez "
                "l’exemple resources/demo/mapping.toml."
            ),
        ),
        (
            "version = 1\nx = [",
            "Le mapping m.toml n’est pas un fichier TOML valable. Vérifiez les guillemets, les crochets et le signe =.",
        ),
        (
            "version 1",
            (
                "Le mapping m.toml n’est pas un fichier TOML valable, ligne 1, colonne 9. Vérifiez les guillemets, les "
                "crochets et le signe =."
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_with_its_key(text: str, sentence: str) -> None:
    assert refusal_of(text) == sentence


@pytest.mark.parametrize("value", ["[" * 20_000, "{a=" * 20_000, "1" * 5000], ids=["lists", "tables", "digits"])
def test_a_mapping_that_nobody_wrote_by_hand_is_told_like_any_other(value: str) -> None:
    assert refusal_of(f"version = {value}").startswith("Le mapping m.toml n’est pas un fichier TOML valable.")


@pytest.mark.parametrize("file", ["../p.csv", "/etc/passwd", "C:\\\\p.csv", "a/../../p.csv", "p.csv\\u0000"])
def test_a_mapping_cannot_lead_out_of_the_exports_folder(file: str) -> None:
    assert refusal_of(MINIMAL.replace("p.csv", file)) == (
        "Dans le mapping m.toml, «\u00a0patients.file\u00a0» sort du dossier de l’export. Écrivez un nom de fichier de "
        "ce dossier, "
        "sans «\u00a0..\u00a0» ni «\u00a0/\u00a0» au début."
    )


def test_a_mapping_that_is_not_there_or_not_utf_8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    with pytest.raises(MappingError, match="ne peut pas être lu"):
        load_mapping(path)
    path.write_bytes(MINIMAL.replace("N", "N°").encode("cp1252"))
    with pytest.raises(MappingError) as error:
        load_mapping(path)
    assert str(error.value) == f"Le mapping {path} n’est pas en UTF-8. Enregistrez-le en UTF-8."


def test_a_mapping_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_bytes(MINIMAL.encode("utf-8-sig"))
    assert load_mapping(path).patients.file == "p.csv"


def test_a_missing_column_is_named_with_what_was_probably_meant(export: Export) -> None:
    export.mapping = export.mapping.replace('"Prénom"', '"Prenoms"')
    with pytest.raises(MappingError) as error:
        export.read()
    assert str(error.value) == (
        "La colonne «\u00a0Prenoms\u00a0» manque dans le fichier patients.csv "
        "(«\u00a0patients.columns.first_name\u00a0» du mapping). "
        "Vouliez-vous dire «\u00a0Prénom\u00a0»\u00a0?"
    )


def test_a_missing_column_that_resembles_none_is_told_what_there_is(export: Export) -> None:
    export.mapping = export.mapping.replace('"Libellé"', '"xyz"')
    with pytest.raises(MappingError) as error:
        export.read()
    assert (
        error.value.todo == "Colonnes présentes\u00a0: «\u00a0N°\u00a0», «\u00a0Libellé\u00a0», «\u00a0Montant\u00a0», "
        "«\u00a0Date\u00a0»."
    )


def test_a_mapped_column_that_is_there_twice_is_refused(export: Export) -> None:
    export.tables["honoraires.csv"] = "N°;Libellé;Montant;Date;Date\n"
    with pytest.raises(MappingError) as error:
        export.read()
    assert str(error.value) == (
        "La colonne «\u00a0Date\u00a0» apparaît 2 fois dans le fichier honoraires.csv. Renommez l’une des deux, ou "
        "changez "
        "«\u00a0fees.columns.date\u00a0» dans le mapping."
    )


def test_a_duplicate_column_that_nobody_reads_does_not_matter(export: Export) -> None:
    export.tables["honoraires.csv"] = "N°;Libellé;Montant;Date;Note;Note\n1;x;1;;a;b\n"
    assert export.read().counts.fees == 1


def test_a_constant_that_is_no_value_of_its_field_is_refused(export: Export) -> None:
    export.mapping = export.mapping.replace('status = "État"', 'status = { constant = "R" }')
    with pytest.raises(MappingError) as error:
        export.read()
    assert str(error.value) == (
        "Dans le mapping, la constante «\u00a0R\u00a0» de «\u00a0appointments.columns.status\u00a0» n’est pas un état "
        "de "
        "rendez-vous connu. Corrigez-la."
    )
