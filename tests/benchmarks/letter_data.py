"""The letters that everybody writes: the same people, the same words, as plain values in one JSON file.

{"lines": words that all letters share, "letters": [{"address": […], "number": …, "patient": …, "greeting": …,
 "password": …, "link": …}]}
"""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from cabinet.dossier import Addressee, Dossier, Patient
from merge.letters.composer import Composer, Letter
from merge.letters.shipped import shipped_letters
from merge.record import CabinetFacts, IssuedSecret, MergeRecord

LETTERS = 1000
_NAMES = ("SPÉCIMEN", "MODÈLE", "EXEMPLE", "GABARIT", "TÉMOIN", "MAQUETTE", "PROTOTYPE", "ÉCHANTILLON", "ÉBAUCHE")
_FIRST = ("Lina", "Hugo", "Inès", "Tom", "Camille", "Jeanne", "Paul")
_CITIES = (("21000", "Dijon"), ("01000", "Bourg-en-Bresse"), ("69003", "Lyon"), ("71100", "Chalon-sur-Saône"))
_CABINET = CabinetFacts(
    code="dijon21",
    name="Cabinet d’orthodontie du Parc",
    site="www.webortho.fr",
    sign_in_url="https://www.webortho.fr/c/dijon21",
    city="Dijon",
    signatory="Docteur Exemple",
    title="Cabinet d’orthodontie du Parc",
    address="12 rue de l’Exemple\n21000 DIJON",
    phone="03 53 01 21 21",
    fax="03 53 01 21 22",
)


def records(count: int) -> Iterator[MergeRecord]:
    """`count` different letters, the same each time."""
    for index in range(count):
        name, first = _NAMES[index % len(_NAMES)], _FIRST[index % len(_FIRST)]
        postcode, city = _CITIES[index % len(_CITIES)]
        complement = f"Appartement {index % 40 + 1}" if index % 3 == 0 else ""
        street = f"{index % 90 + 1} rue de l’Exemple"
        civility = ("Madame", "Monsieur")[index % 2]
        parent = Addressee(civility, name, f"Dominique{index:04}", street, complement, postcode, city)
        dossier = Dossier(Patient(f"{10000 + index}", "", name, first, dt.date(2012, 4, 15)), (parent,))
        secret = IssuedSecret(f"{10000 + index}apo", f"https://www.webortho.fr/a/dijon21/K7mQ2xv9RtYb4LpZ8s{index:04}")
        yield MergeRecord(dossier, parent, _CABINET, secret, dt.date(2026, 1, 12))


def write_plain(count: int, path: Path) -> None:
    """Write what the peers merge: values already rendered, words already French. They need not check anything."""
    composer = Composer(shipped_letters())
    letters = []
    static: list[str] = []
    for record in records(count):
        letter = composer.compose(record)
        assert isinstance(letter, Letter)
        static = [item.line.text for part in letter.layout.static for item in part.items]
        letters.append(
            {
                "address": [placed.line.text for placed in letter.composition.address],
                "number": record.dossier.number,
                "patient": f"{record.dossier.patient.first_name} {record.dossier.patient.last_name}",
                "greeting": record.addressee.civility,
                "password": record.secret.password_words,
                "link": record.secret.link,
            }
        )
    path.write_text(json.dumps({"lines": static, "letters": letters}, ensure_ascii=False), encoding="utf-8")
