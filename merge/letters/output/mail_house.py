"""What a mail house checks its work by: a table with a line for each letter, and a page that explains it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cabinet.values import fold
from merge.csv_safe import csv_text
from merge.french import agree, long_date
from merge.letters.address import COUNTRIES, MAX_LINES, address_block
from merge.letters.output.binding import Place
from merge.record import MergeRecord

TABLE = "destinataires.csv"
READ_ME = "LISEZ-MOI.txt"
COLUMNS = (
    "Ordre",
    "Fichier",
    "Première page",
    "Pages",
    *(f"Adresse {line}" for line in range(1, MAX_LINES + 1)),
    "Pays",
    "N° patient",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter in the export: whose it is, in which file, and where there."""

    record: MergeRecord
    file: str
    place: Place


def table(letters: Iterable[Sent]) -> bytes:
    """The table in the order of the letters: CSV for a French spreadsheet, UTF-8 with its mark, no formula in it."""
    return csv_text((COLUMNS, *_rows(letters))).encode("utf-8-sig")


def _rows(letters: Iterable[Sent]) -> Iterator[tuple[str, ...]]:
    for order, letter in enumerate(letters, 1):
        lines = address_block(letter.record.addressee).lines
        country = lines[-1] if fold(lines[-1]) in COUNTRIES else ""
        if country:
            lines = lines[:-1]
        blank = ("",) * (MAX_LINES - len(lines))
        place = (str(order), letter.file, str(letter.place.page), str(letter.place.pages))
        yield (*place, *lines, *blank, country, letter.record.numbers)


def read_me(letters: list[Sent], files: int, *, duplex: bool) -> bytes:
    """The page that goes with it, for the one who opens the export first."""
    record = letters[0].record
    pages = sum(letter.place.pages for letter in letters)
    sides = (
        "Impression recto verso, bord long. Chaque lettre commence sur un recto\u00a0; les versos vides sont voulus."
        if duplex
        else "Impression recto seul, une feuille par page."
    )
    text = f"""{record.cabinet.name}
Lettres du {long_date(record.today)}

{agree(len(letters), "lettre", "lettres")}, {agree(pages, "page imprimée", "pages imprimées")}, \
{agree(files, "fichier PDF", "fichiers PDF")}.
À imprimer à l’échelle 100\u00a0%, sans ajuster à la page. {sides}

{TABLE} a une ligne par lettre, dans l’ordre des pages\u00a0: le fichier, la première page et le nombre de pages de la
lettre, l’adresse du destinataire, et le numéro du patient.
Séparateur\u00a0: point-virgule. Encodage\u00a0: UTF-8. Lisez toutes les colonnes comme du texte\u00a0: un code postal
peut commencer par 0.

Ces lettres sont personnelles, et peuvent porter des codes\u00a0: n’en gardez pas de copie, et effacez ces fichiers
après l’impression.
"""
    return text.replace("\n", "\r\n").encode("utf-8-sig")
