"""The Word template that everybody fills: the same words, twelve fields, a table, a header; the fields in two forms."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.text.paragraph import Paragraph

from merge.fields import BY_NAME
from tests.benchmarks.letter_data import records

FIELDS = ("DCIVIL", "DPREN", "DNOM", "DADR1", "DCPOST", "DVILLE", "DATE", "ORDRE", "PPREN", "PNOM", "DPOLI", "MDP")
LINES = (
    ("DCIVIL", " ", "DPREN", " ", "DNOM"),
    ("DADR1",),
    ("DCPOST", " ", "DVILLE"),
    ("Dijon, le ", "DATE"),
    ("DPOLI", ","),
    ("Vous pouvez désormais consulter en ligne le dossier de ", "PPREN", " ", "PNOM", ", à toute heure.",),
    ("Vous y trouverez ses rendez-vous, son échéancier, ses honoraires, et l’adresse du cabinet avec son accès.",),
    ("Si vous avez des questions sur l’utilisation du site, nous y répondrons au prochain rendez-vous.",),
    ("Veuillez agréer, ", "DPOLI", ", l’expression de mes salutations les meilleures.",),
)  # fmt: skip
ROWS = (("Votre identifiant", "ORDRE"), ("Votre mot de passe", "MDP"))
Put = Callable[[Paragraph, str], None]


def merge_field(paragraph: Paragraph, name: str) -> None:
    """As Word writes it: a sequence of field characters."""
    for kind in ("begin", name, "separate", "", "end"):
        run = paragraph.add_run()
        if kind in ("begin", "separate", "end"):
            character = OxmlElement("w:fldChar")
            character.set(qn("w:fldCharType"), kind)
            run._r.append(character)
        elif kind:
            code = OxmlElement("w:instrText")
            code.text = f" MERGEFIELD {name} "
            run._r.append(code)
        else:
            run.text = f"«{name}»"


def jinja_field(paragraph: Paragraph, name: str) -> None:
    paragraph.add_run(f"{{{{ {name} }}}}")


def write_template(path: Path, put: Put) -> None:
    """Write the template, its fields put by `put`."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Cabinet d’orthodontie du Parc"
    for line in LINES:
        _fill(document.add_paragraph(), line, put)
    table = document.add_table(rows=len(ROWS), cols=2)
    for row, pieces in zip(table.rows, ROWS, strict=True):
        for cell, piece in zip(row.cells, pieces, strict=True):
            _fill(cell.paragraphs[0], (piece,), put)
    document.save(str(path))


def write_values(count: int, path: Path) -> None:
    """What the peers fill in: {"letters": [{field: value}]}, already rendered."""
    letters = [{name: BY_NAME[name].render(record) for name in FIELDS} for record in records(count)]
    path.write_text(json.dumps({"letters": letters}, ensure_ascii=False), encoding="utf-8")


def _fill(paragraph: Paragraph, pieces: tuple[str, ...], put: Put) -> None:
    for piece in pieces:
        if piece in FIELDS:
            put(paragraph, piece)
        else:
            paragraph.add_run(piece)


def asked(letter: Mapping[str, str]) -> tuple[str, ...]:
    """What must be readable in each letter."""
    return tuple(letter.values())
