"""CSV files as a source: encodings, delimiters, and every way in which a file can be broken."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cabinet.errors import MappingError, SourceError
from cabinet.sources.csv_folder import CsvFolder, CsvTable
from cabinet.sources.settled import unreadable
from cabinet.sources.titles import MOST_LINES


def rows_of(raw: bytes, **fixed: str) -> list[list[str]]:
    return [list(row) for row in CsvTable("t.csv", raw, **fixed).rows()]


def refusal_of(raw: bytes, **fixed: str) -> str:
    with pytest.raises(SourceError) as error:
        rows_of(raw, **fixed)
    return str(error.value)


@pytest.mark.parametrize(
    ("codec", "shown"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 avec BOM"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16 sans BOM"),
        ("utf-16-be", "UTF-16 sans BOM"),
        ("cp1252", "cp1252 (Windows)"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(codec: str, shown: str) -> None:
    table = CsvTable("t.csv", "Prénom;Ville\nÉloïse;Bœuf-sur-Saône\n".encode(codec))
    assert table.header == ("Prénom", "Ville")
    assert list(table.rows()) == [["Éloïse", "Bœuf-sur-Saône"]]
    assert table.encoding == shown


def test_plain_ascii_fits_every_encoding() -> None:
    assert CsvTable("t.csv", b"a;b\n1;2\n").encoding == "ASCII"


def test_a_dos_file_is_not_taken_for_windows() -> None:
    raw = "N;Prénom\n1;Éloïse\n".encode("cp850")
    assert refusal_of(raw) == (
        "L’encodage du fichier t.csv n’est pas reconnu\u00a0: octet inattendu à la ligne 1. Indiquez "
        "«\u00a0encoding\u00a0» dans "
        "le mapping\u00a0: «\u00a0cp850\u00a0», où «\u00a0Prénom\u00a0» se lit bien."
    )
    assert rows_of(raw, encoding="cp850") == [["1", "Éloïse"]]


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("n;nom\n1;André\n", "cp850"),
        ("n;nom\n1;André\n", "mac-roman"),
        ("n;nom\n1;ÉLOÏSE\n2;LEFÈVRE\n", "cp850"),
        ("n;nom\n1;Élodie\n2;Hélène\n", "mac-roman"),
        ("n;prénom\n1;François\n2;Noël\n", "mac-roman"),
    ],
)
def test_an_old_encoding_in_which_the_words_are_french_is_proposed(text: str, codec: str) -> None:
    raw = text.encode(codec)
    assert f"«\u00a0{codec}\u00a0», où" in refusal_of(raw)
    assert rows_of(raw, encoding=codec) == [line.split(";") for line in text.splitlines()[1:]]


def test_the_other_encoding_of_dos_is_read_where_a_mapping_names_it() -> None:
    assert rows_of("n;nom\n1;Éloïse\n".encode("cp437"), encoding="cp437") == [["1", "Éloïse"]]


def test_no_old_encoding_is_proposed_where_the_words_are_french_in_none() -> None:
    assert refusal_of(b"n;nom\n1;\x8d\xb2\xfe\n").endswith(
        "Indiquez «\u00a0encoding\u00a0» dans le mapping\u00a0: «\u00a0cp850\u00a0» ou «\u00a0cp437\u00a0» (DOS), ou "
        "«\u00a0mac-roman\u00a0» (Macintosh)."
    )


@pytest.mark.parametrize("text", ["Aleš DUŠAN ŽIŽKA", "André et Zoé\u201a plus tard", "Dupont\u201a\nLéa\nNoël"])
def test_rare_signs_of_windows_are_no_old_encoding(text: str) -> None:
    assert CsvTable("t.csv", b"n\n" + text.encode("cp1252")).encoding == "cp1252 (Windows)"


def test_bytes_that_windows_does_not_know_are_refused_with_their_line() -> None:
    assert "ligne 2" in refusal_of(b"a;b\n1;\x8d\n")


def test_a_fixed_encoding_that_is_wrong_is_refused() -> None:
    raw = "a;b\n1;é\n"
    assert refusal_of(raw.encode("cp1252"), encoding="utf-8") == (
        "Le fichier t.csv n’est pas en UTF-8\u00a0: octet 0xE9, ligne 2. Corrigez «\u00a0encoding\u00a0» dans le "
        "mapping, ou refaites "
        "l’export s’il est tronqué."
    )
    assert refusal_of(raw.encode("utf-8"), encoding="cp1252") == (
        "Le fichier t.csv est en UTF-8, alors que le mapping annonce cp1252 (Windows). Retirez «\u00a0encoding\u00a0» "
        "du mapping, "
        "ou mettez-y «\u00a0utf-8\u00a0»."
    )


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_fixed_encoding_may_have_its_mark(codec: str) -> None:
    fixed = codec.removesuffix("-sig")
    assert rows_of("a;b\n1;é\n".encode(codec), encoding=fixed) == [["1", "é"]]


def test_a_utf_16_file_cut_in_the_middle_of_a_letter_is_refused() -> None:
    assert "n’est pas en UTF-16" in refusal_of("a;b\n1;é\n".encode("utf-16")[:-1])


@pytest.mark.parametrize(
    ("delimiter", "shown"), [(";", "point-virgule"), (",", "virgule"), ("\t", "tabulation"), ("|", "barre verticale")]
)
def test_the_delimiter_is_the_one_that_cuts_the_header(delimiter: str, shown: str) -> None:
    table = CsvTable("t.csv", f'a{delimiter}"b;c,d"{delimiter}e{delimiter}f\n'.encode())
    assert (table.delimiter, len(table.header)) == (shown, 4)


def test_excels_own_first_line_says_the_delimiter() -> None:
    table = CsvTable("t.csv", b"sep=,\na,b;c\n1,2\n")
    row = next(table.rows())
    assert (table.header, row, table.line_of(row)) == (("a", "b;c"), ["1", "2"], 3)


def test_a_header_may_end_with_a_delimiter_where_rows_do_not() -> None:
    assert rows_of(b"a;b;;\n1;2\n3;4;;\n5;6;\n") == [["1", "2"], ["3", "4"], ["5", "6"]]


def test_a_fixed_delimiter_is_kept() -> None:
    assert rows_of(b"a;b,c\n1;2,3\n", delimiter=",") == [["1;2", "3"]]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends() -> None:
    table = CsvTable("t.csv", b'a;b\r\n"x;""y""";"l1\r\nl2"\r\n3;4\r\n')
    lines = [(row, table.line_of(row)) for row in table.rows()]
    assert lines == [(['x;"y"', "l1\r\nl2"], 2), (["3", "4"], 4)]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Liste des patients au 12/03/2026\n", 1),
        ("Cabinet;;;\n;;;\nÉdité, à 18h; ;\n", 3),
        ("\n", 1),
        ("sep=;\nPatients\n", 2),
        ("Planning;;Édité le 12/03/2026\n\n", 2),
    ],
)
def test_a_title_above_the_header_is_passed_over(title: str, lines: int) -> None:
    table = CsvTable("t.csv", f"{title}N°;Nom;Ville\n1;A;Dijon\n\n2;B;\n".encode())
    assert table.header == ("N°", "Nom", "Ville")
    assert [(row, table.line_of(row)) for row in table.rows()] == [
        (["1", "A", "Dijon"], lines + 2),
        (["2", "B", ""], lines + 4),
    ]
    assert table.header_lines == lines + 1


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("N°\n1\n2\n", ("N°",)),
        ("N°;\n1;A\n2;B\n", ("N°",)),
        ("Exporté;hier\nN°;Nom;Ville\n", ("Exporté", "hier")),
        ("N°;Nom\n\n1;A\n2;B\n", ("N°", "Nom")),
        ("Titre\n" + "1\n" * MOST_LINES + "N°;Nom;Ville\n", ("Titre",)),
        ("Titre\n" + "x" * 200_000 + "\nN°;Nom;Ville\n", ("N°", "Nom", "Ville")),
    ],
)
def test_what_may_be_a_header_is_no_title(text: str, header: tuple[str, ...]) -> None:
    assert CsvTable("t.csv", text.encode()).header == header


def test_blank_lines_are_passed_over_and_counted() -> None:
    table = CsvTable("t.csv", b"a;b\n\n1;2\n\n\n3;4\n\n")
    assert [table.line_of(row) for row in table.rows()] == [3, 6]


def test_a_last_line_without_its_end_is_a_row() -> None:
    assert rows_of(b"a;b\n1;2") == [["1", "2"]]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"  \r\n"])
def test_an_empty_file_is_refused(raw: bytes) -> None:
    assert refusal_of(raw) == "Le fichier t.csv est vide. Refaites l’export\u00a0: rien n’est publié d’un fichier vide."


def test_a_file_cut_off_in_its_last_line_is_refused() -> None:
    assert refusal_of(b"a;b;c\n1;2;3\n4;5") == (
        "Le fichier t.csv s’interrompt au milieu de la ligne 3. L’export est tronqué\u00a0: refaites-le en entier."
    )


@pytest.mark.parametrize(
    "raw", [b'a;b\n1;"2\n3;4\n', b'a;b\n1;"2', b'a;"b\n1;2\n', b'a\n"2\n', b'a;b\n1;"2\n' + b"x;y\n" * 50_000]
)
def test_a_quote_that_never_closes_is_refused(raw: bytes) -> None:
    sentence = refusal_of(raw)
    assert "un guillemet jamais refermé. L’export est tronqué ou abîmé" in sentence


@pytest.mark.parametrize(
    "raw",
    [
        b'n;nom;ville\n1;"Petit;Dijon\n2;Roux";Lyon\n3;Noir;Metz\n',
        b'n;nom;ville\n1;"Petit;Dijon\n2;Roux;Lyon\n3;Noir";Metz\n',
        b'n;nom;ville\n1;"Petit;Dijon\n2;Roux;"Lyon\n3;Noir;Metz\n',
    ],
    ids=["one row", "two rows", "of another width"],
)
def test_quotes_that_swallow_rows_are_refused(raw: bytes) -> None:
    assert refusal_of(raw) == (
        "Le fichier t.csv contient, à la ligne 2, un guillemet qui n’est refermé que plus bas\u00a0: plusieurs "
        "lignes s’y lisent comme une seule. Corrigez ces guillemets dans le logiciel du cabinet, puis refaites "
        "l’export."
    )


def test_a_note_of_several_lines_is_one_cell() -> None:
    assert rows_of(b'n;nom;note\n1;Petit;"rappeler\nlundi; merci"\n2;Roux;\n') == [
        ["1", "Petit", "rappeler\nlundi; merci"],
        ["2", "Roux", ""],
    ]


@pytest.mark.parametrize("name", ["Éloïse", "Éloïse ANAÏS", "Chloé ZOÉ"])
def test_a_file_in_two_encodings_is_refused_with_the_line_of_the_other(name: str) -> None:
    raw = f"n;nom\n1;{name}\n".encode() + "2;Zoé\n".encode("cp1252")
    assert refusal_of(raw) == (
        "Le fichier t.csv mélange deux encodages\u00a0: il est en UTF-8, mais pas à la ligne 3. Refaites l’export en "
        "entier\u00a0; s’il est écrit par plusieurs programmes, réglez-les sur le même encodage."
    )


@pytest.mark.parametrize(
    ("strange", "where"),
    [
        ((3,), "à la ligne 3"),
        ((2, 9), "aux lignes 2 et 9"),
        ((2, 4, 9), "aux lignes 2, 4 et 9"),
        ((2, 4, 6, 9), "à 4 lignes, dont 2, 4, 6"),
    ],
)
@pytest.mark.parametrize(
    ("most", "other", "shown"), [("cp1252", "utf-8", "cp1252 (Windows)"), ("utf-8", "cp1252", "UTF-8")]
)
def test_the_encoding_of_most_lines_is_named_with_the_lines_of_the_other(
    most: str, other: str, shown: str, strange: tuple[int, ...], where: str
) -> None:
    lines = [f"{n};Zoé\n".encode(other if n in strange else most) for n in range(2, 15)]
    assert f"il est en {shown}, mais pas {where}. Refaites" in refusal_of(b"n;nom\n" + b"".join(lines))


def test_zero_bytes_are_refused_with_their_line() -> None:
    assert refusal_of(b"a;b;c;d;e;f\n1;2;3;4;5;6\n" + b"\0" * 8) == (
        "Le fichier t.csv contient des octets nuls à la ligne 3. Il est abîmé ou encore en cours d’écriture\u00a0: "
        "refaites "
        "l’export."
    )


def test_a_missing_folder_and_a_missing_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        CsvFolder(tmp_path / "absent")
    assert str(error.value) == (
        f"Le dossier d’export {tmp_path / 'absent'} n’existe pas ou n’est pas un dossier. Vérifiez le chemin, et que "
        f"le "
        "partage réseau est accessible."
    )
    with pytest.raises(SourceError) as error:
        CsvFolder(tmp_path).table("patients.csv")
    assert str(error.value) == (
        f"Le fichier patients.csv manque dans le dossier {tmp_path}. Refaites l’export complet, ou corrigez le nom du "
        "fichier dans le mapping."
    )


def test_what_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(SourceError) as refused:
        CsvFolder(tmp_path).table("a.csv")
    assert str(refused.value) == (
        "a.csv est un dossier, et non un fichier de l’export. Refaites l’export, ou corrigez le nom du fichier dans le "
        "mapping."
    )
    denied = unreadable(tmp_path / "b.csv", PermissionError(13, "Permission denied"))
    assert str(denied) == (
        f"Le compte qui lance WebOrtho n’a pas le droit de lire b.csv, dans le dossier {tmp_path}. Faites-lui donner "
        "ce droit, fermez le programme qui l’utilise, puis recommencez."
    )
    other = unreadable(tmp_path / "b.csv", OSError(24, "Too many open files"))
    assert other.what == "Le fichier b.csv ne peut pas être lu (trop de fichiers sont ouverts)."


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_one_refusal(raw: bytes) -> None:
    with contextlib.suppress(SourceError):
        table = CsvTable("t.csv", raw)
        for row in table.rows():
            assert table.line_of(row) >= 2


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="cp1252", exclude_characters="\0")), min_size=3, max_size=3), max_size=8
    ),
    st.sampled_from([";", ",", "\t"]),
)
def test_whatever_is_written_with_quotes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    # What has as many delimiters as a row with each end of a line is refused: it would be other rows.
    breaks = ((cell, cell.count("\n") or cell.count("\r")) for row in rows for cell in row)
    assume(not any(ends and cell.count(delimiter) == 2 * ends for cell, ends in breaks))
    lines = [["a", "b", "c"], *rows]
    text = "".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in lines)
    assert rows_of(text.encode("utf-8")) == rows


def test_all_files_that_fit_are_one_table(tmp_path: Path) -> None:
    for name in ("rdv_2026.csv", "rdv_2025.csv", "patients.csv"):
        (tmp_path / name).write_text("N°;Nom\n")
    source = CsvFolder(tmp_path)
    assert list(source.names("rdv_*.csv")) == ["rdv_2025.csv", "rdv_2026.csv"]
    assert list(source.names("patients.csv")) == ["patients.csv"]
    with pytest.raises(SourceError, match=r"Aucun fichier ne correspond à «\u00a0frais_\*\.csv\u00a0»"):
        source.names("frais_*.csv")


def test_a_file_that_is_still_being_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("N°;Nom\n1;MARTIN\n")
    read_bytes = Path.read_bytes

    def read_while_another_writes(self: Path) -> bytes:
        content = read_bytes(self)
        with self.open("a") as file:
            file.write("2;DURAND\n")
        return content

    monkeypatch.setattr(Path, "read_bytes", read_while_another_writes)
    with pytest.raises(SourceError, match=r"Le fichier patients\.csv était en cours d’écriture"):
        CsvFolder(tmp_path).table("patients.csv")


def test_a_query_asks_for_a_database(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="la source est un dossier"):
        CsvFolder(tmp_path).table("patients.csv", query="SELECT 1")


LONG = b"x" * 200_000


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"a;b\n1;2\n3;" + LONG + b"\n5;6\n", 3),
        (b"a;" + LONG + b"\n1;2\n", 1),
        (b"sep=;\na;b\n1;" + LONG + b"\n", 3),
        (b"a;b\n1;2\n" + LONG * 6 + b"\n", 3),
        (b"a;b\r1;2\r" + LONG * 6 + b"\r", 3),
        (LONG * 6, 1),
    ],
)
def test_a_line_that_is_too_long_is_named(raw: bytes, line: int) -> None:
    assert refusal_of(raw) == (
        f"La ligne {line} du fichier t.csv est bien trop longue pour être celle d’un patient. Le fichier est abîmé, ou "
        "ses fins de ligne manquent\u00a0: refaites l’export."
    )


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_large_file_of_short_lines_is_read(end: bytes) -> None:
    assert len(rows_of(b"a;b" + end + (b"1;" + b"y" * 90 + end) * 25_000)) == 25_000


@pytest.mark.parametrize("codec", ["cp1252", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(
    ("text", "is_ended"),
    [
        ("n°;b\r\n1;2\r\n", True),
        ("n°;b\r\n1;2\r", False),
        ("n°;b\r\n1;2", False),
        ("n°;b\r1;2\r", True),
        ("n°;b\n1;2\n", True),
        ("n°;b\n1;2", False),
    ],
)
def test_whether_the_last_line_has_its_end(text: str, codec: str, *, is_ended: bool) -> None:
    assert CsvTable("t.csv", text.encode(codec)).is_ended is is_ended
