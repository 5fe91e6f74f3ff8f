"""A cabinet's export of a few lines, easy to change: patients and their appointments, for the default CSV reading."""

from dataclasses import dataclass, field
from pathlib import Path

MAPPING = """\
version = 1
[patients]
file = "patients.csv"
[patients.columns]
number = "N"
last_name = "Nom"
first_name = "Prenom"
birth_date = "Naissance"
[appointments]
file = "rdv.csv"
[appointments.columns]
patient = "N"
start = "Debut"
kind = "Nature"
"""


@dataclass
class SmallExport:
    """Numbers -> last name; every patient has `visits` appointments."""

    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    visits: int = 1

    @property
    def mapping(self) -> Path:
        return self.folder.parent / "mapping.toml"

    def fill(self, count: int) -> None:
        self.names = {f"{n:04}": f"NOM-{n:04}" for n in range(1, count + 1)}
        self.write()

    def write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mapping.write_text(MAPPING)
        patients = [f"{number};{name};Alix;01/02/2012" for number, name in self.names.items()]
        visits = [
            f"{number};{1 + visit % 28:02}/{1 + visit // 28 % 12:02}/2026 10:00;CONT"
            for number in self.names
            for visit in range(self.visits)
        ]
        (self.folder / "patients.csv").write_text("\n".join(["N;Nom;Prenom;Naissance", *patients, ""]))
        (self.folder / "rdv.csv").write_text("\n".join(["N;Debut;Nature", *visits, ""]))
