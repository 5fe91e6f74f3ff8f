"""Whatever an export holds, recognising it ends in a text; with patients, in a mapping that reads."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from cabinet.errors import MappingError, SourceError
from cabinet.guess import Guess, findings_of
from cabinet.guessing.samples import Samples
from cabinet.guessing.writing import mapping_text
from cabinet.mapping import parse_mapping
from tests.cabinet.guessing.exports import guessed, read_through, table, write

WORDS = (
    "NUM",
    "PATIENT",
    "NOM",
    "PRENOM",
    "DATE",
    "HEURE",
    "RDV",
    "SOLDE",
    "ETAT",
    "Né le",
    "CP",
    "\t",
    '"',
    "é°",
    "\\",
)
TEXTS = (
    "1",
    "2",
    "",
    "01/02/2026",
    "13/01/26",
    "12:30",
    "O",
    "honoré",
    "A",
    "1,234",
    "-",
    "\u200b",
    "06 39 98 00 01",
    "ß@",
)
names = st.one_of(st.sampled_from(WORDS), st.text(max_size=12), st.tuples(*[st.sampled_from(WORDS)] * 2).map("_".join))
cells = st.one_of(st.sampled_from(TEXTS), st.text(max_size=12))


@st.composite
def tables(draw: st.DrawFn) -> str:
    header = draw(st.lists(names.filter(lambda name: name.split() and "\0" not in name), min_size=1, max_size=6))
    rows = draw(st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=6))
    clean = [["".join(c for c in cell if c.isprintable()) for cell in row] for row in rows]
    return table(" ".join("".join(name.split()) for name in header), clean)


@settings(max_examples=80)
@given(st.lists(tables(), min_size=1, max_size=3))
def test_nothing_crashes_and_what_is_found_is_a_mapping(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        write(Path(folder), {f"t{place}.csv": text for place, text in enumerate(texts)}, "utf-8")
        found = guessed(folder)
        if not found.findings.missing:
            assert type(_refusal(found, folder)) is not MappingError


def _refusal(found: Guess, folder: str) -> SourceError | None:
    """A table may break off or be empty; a mapping that does not fit would be a fault of the guess."""
    try:
        read_through(found, folder)
    except SourceError as error:
        return error
    return None


def test_a_source_without_tables_is_told() -> None:
    findings = findings_of(Samples((), ("Le fichier x est vide.",)))
    assert findings.missing
    assert "Le fichier x est vide." in mapping_text(findings)


def test_names_with_quotes_and_control_signs_are_escaped(tmp_path: Path) -> None:
    header = 'NUM;"NOM ""\\";PRENOM'
    write(tmp_path, {"p.csv": f"{header}\n1;A;B\n2;C;D\n"}, "utf-8")
    found = guessed(tmp_path)
    assert parse_mapping(found.text, "m").patients.columns.last_name == 'NOM "\\'
    assert read_through(found, tmp_path).dossiers[0].patient.last_name == "A"


def test_a_table_that_cannot_be_read_is_named_and_the_others_are_recognised(tmp_path: Path) -> None:
    write(tmp_path, {"p.csv": "NUM;NOM\n1;A\n2;B\n", "vide.csv": ""})
    found = guessed(tmp_path)
    assert not found.findings.missing
    assert "À VÉRIFIER\u00a0: Le fichier vide.csv est vide." in found.text
