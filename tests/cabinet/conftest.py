"""A small export of three tables, written by hand, that each test bends as it needs."""

import io
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from PIL import Image

from cabinet.mapping import Mapping, parse_mapping
from cabinet.reading import Reading, read

# How long an example takes says how busy the machine is, not whether the rule holds.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

KEY = bytes(range(32))

SMALL_MAPPING = """
version = 1

[patients]
file = "patients.csv"
[patients.columns]
number = "N°"
civility = "Civ"
last_name = "Nom"
first_name = "Prénom"
birth_date = "Né le"

[[addressees]]
[addressees.columns]
last_name = "Parent"
email = "E-mail"
mobile = "Mobile"

[appointments]
file = "rdv.csv"
[appointments.columns]
patient = "N°"
start = "Début"
kind = "Nature"
status = "État"

[fees]
file = "honoraires.csv"
[fees.columns]
patient = "N°"
label = "Libellé"
amount = "Montant"
date = "Date"

[photos]
files = ["photos/{number}.jpg"]
"""

SMALL_TABLES = {
    "patients.csv": (
        "N°;Civ;Nom;Prénom;Né le;Parent;E-mail;Mobile\n"
        "1;Mlle;N'DIAYE;Éloïse;17/03/2012;N'DIAYE;eloise@exemple.fr;06 39 98 00 01\n"
        "2;M.;LEFÈVRE;Côme;02/11/2011;;;\n"
    ),
    "rdv.csv": (
        "N°;Début;Nature;État\n"
        "1;08/10/2026 14:10;RVC;prévu\n"
        "1;04/09/2026 16:20;POSE;honoré\n"
        "2;01/06/2026 13:20;CTCT;absent\n"
    ),
    "honoraires.csv": "N°;Libellé;Montant;Date\n1;1er semestre;390,00;02/04/2026\n",
}


@dataclass
class Export:
    """A folder with the small export; `tables` may be changed before it is read."""

    folder: Path
    tables: dict[str, str] = field(default_factory=lambda: dict(SMALL_TABLES))
    mapping: str = SMALL_MAPPING
    encoding: str = "cp1252"

    def add(self, table: str, line: str) -> None:
        self.tables[table] += line + "\n"

    def write(self) -> None:
        for name, text in self.tables.items():
            (self.folder / name).write_bytes(text.encode(self.encoding))

    def read(self) -> Reading:
        self.write()
        return self.read_as_it_is()

    def read_as_it_is(self) -> Reading:
        return read(self.folder, self.parsed_mapping, KEY)

    @property
    def parsed_mapping(self) -> Mapping:
        return parse_mapping(self.mapping, "mapping.toml")


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path)


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A small JPEG with a place and a camera in its metadata."""
    image = Image.new("RGB", (640, 480), (11, 85, 99))
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
