"""The mapping file (TOML): which table and column of a cabinet's export is which fact, and in which form.

Its structs are in `cabinet.mapping_parts`; the example, which is the default too, is `resources/demo/mapping.toml`.
"""

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

import resources
from cabinet.errors import MappingError
from cabinet.fields import FIELDS
from cabinet.mapping_errors import EXAMPLE, invalid_value, refuse_unknown_keys
from cabinet.mapping_parts import (
    Addressees,
    Appointments,
    Balances,
    Column,
    Fees,
    Format,
    Instalments,
    Part,
    Patients,
    Photos,
)
from cabinet.system_words import why
from cabinet.toml_text import NotToml, read_toml

MAPPING_VERSION = 1

AnyTable = Patients | Addressees | Appointments | Instalments | Fees | Balances


class Mapping(Part, frozen=True, kw_only=True):
    version: int
    time_zone: str = "Europe/Paris"
    """The cabinet's: instants with a zone are shown in it."""
    format: Format = Format()
    """Of every file; a table's own `format` goes before it."""
    patients: Patients
    addressees: tuple[Addressees, ...] = ()
    appointments: Appointments | None = None
    instalments: Instalments | None = None
    fees: Fees | None = None
    balances: Balances | None = None
    photos: Photos | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def format_of(self, own: Format) -> Format:
        """A table's format: its own keys before the mapping's."""
        return Format(**{key: getattr(own, key) or getattr(self.format, key) for key in Format.__struct_fields__})

    @property
    def row_owners(self) -> tuple[tuple[str, Addressees | Balances], ...]:
        """(path in the mapping, part) of what may have a file of its own, or be columns of the patients' file."""
        addressees = tuple((f"addressees[{place}]", part) for place, part in enumerate(self.addressees, start=1))
        return addressees if self.balances is None else (*addressees, ("balances", self.balances))

    @property
    def tables(self) -> tuple[tuple[str, AnyTable], ...]:
        """(path in the mapping, part) of all that reads rows."""
        own = {name: getattr(self, name) for name in ("patients", "appointments", "instalments", "fees")}
        return (*((name, part) for name, part in own.items() if part is not None), *self.row_owners)

    @property
    def reaches(self) -> frozenset[str]:
        """What can reach beyond the export's own tables: its SQL queries, and the folder of its photos.

        A person at the computer that reads the export has to want it, whoever else changed the mapping.
        """
        queries = {part.query for _, part in self.tables if part.query}
        return frozenset(queries | ({self.photos.folder} if self.photos and self.photos.folder else set()))

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """(path in the mapping, file or pattern) of all that is read of the export's folder."""
        named = [(f"{path}.file", part.file) for path, part in self.tables if part.file]
        photos = self.photos.files if self.photos and not self.photos.folder else ()
        return (*named, *(("photos.files", pattern) for pattern in photos))


def default_mapping() -> Mapping:
    """The mapping of the export that `resources/demo/README.md` describes."""
    file = Path(resources.__path__[0], "demo", "mapping.toml")
    return parse_mapping(file.read_text(encoding="utf-8"), "par défaut")


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raise `MappingError`, with the key and its place, for anything that is not one."""
    try:
        return parse_mapping(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise MappingError(f"Le mapping {path} n’est pas en UTF-8.", "Enregistrez-le en UTF-8.") from error
    except OSError as error:
        raise MappingError(f"Le mapping {path} ne peut pas être lu ({why(error)}).", "Vérifiez le chemin.") from error


def parse_mapping(text: str, name: str) -> Mapping:
    """A mapping from its TOML text; `name` is how errors call it."""
    try:
        raw = read_toml(text)
    except NotToml as error:
        raise MappingError(
            f"Le mapping {name} n’est pas un fichier TOML valable{error.where}.",
            "Vérifiez les guillemets, les crochets et le signe =.",
        ) from error
    try:
        mapping = msgspec.convert(raw, Mapping)
    except msgspec.ValidationError as error:
        refuse_unknown_keys(raw, Mapping, name)
        raise invalid_value(error, name) from error
    _check_sense(mapping, name)
    return mapping


def _misplaced_splits(mapping: Mapping) -> Iterator[str]:
    """Paths of the columns that are split for a field that is half of no cell."""
    for path, part in mapping.tables:
        for name in part.columns.__struct_fields__:
            field = getattr(part.columns, name)
            if isinstance(field, Column) and field.split and not FIELDS[name].is_half:
                yield f"{path}.columns.{name}"


def _check_owner(mapping: Mapping, path: str, part: Addressees | Balances, name: str) -> None:
    """A table's rows are each a patient's, or a family's of the patients' table."""
    family = part.columns.family if isinstance(part, Addressees) else None
    if family is None and part.columns.patient is None:
        raise MappingError(
            f"Dans le mapping {name}, il manque la clé «\u00a0{path}.columns.patient\u00a0».",
            f"Elle dit à quel patient appartient une ligne de {part.table_name}.",
        )
    if family is not None and part.columns.patient is not None:
        raise MappingError(
            f"Dans le mapping {name}, «\u00a0{path}.columns\u00a0» a les clés «\u00a0patient\u00a0» et "
            "«\u00a0family\u00a0».",
            "N’en gardez qu’une\u00a0: une ligne est celle d’un patient, ou celle d’une famille.",
        )
    if family is not None and mapping.patients.columns.family is None:
        raise MappingError(
            f"Dans le mapping {name}, il manque la clé «\u00a0patients.columns.family\u00a0».",
            f"Elle dit à quelle famille de {part.table_name} appartient un patient.",
        )


def _check_sense(mapping: Mapping, name: str) -> None:
    """What types cannot say."""
    if mapping.version != MAPPING_VERSION:
        raise MappingError(
            f"Le mapping {name} est de la version {mapping.version}, ce programme lit la version {MAPPING_VERSION}.",
            f"Mettez WebOrtho à jour, ou reprenez l’exemple {EXAMPLE}.",
        )
    try:
        _ = mapping.zone
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MappingError(
            f"Dans le mapping {name}, «\u00a0time_zone\u00a0» n’est pas un fuseau horaire connu.",
            "Pour la France métropolitaine, mettez «\u00a0Europe/Paris\u00a0».",
        ) from error
    for path, file in mapping.files:
        if PureWindowsPath(file).anchor or ".." in PureWindowsPath(file).parts or "\0" in file:
            raise MappingError(
                f"Dans le mapping {name}, «\u00a0{path}\u00a0» sort du dossier de l’export.",
                "Écrivez un nom de fichier de ce dossier, sans «\u00a0..\u00a0» ni «\u00a0/\u00a0» au début.",
            )
    for path, part in mapping.row_owners:
        if part.has_own_table:
            _check_owner(mapping, path, part, name)
    for path in _misplaced_splits(mapping):
        raise MappingError(
            f"Dans le mapping {name}, «\u00a0{path}\u00a0» ne se coupe pas en deux («\u00a0split\u00a0»).",
            f"«\u00a0split\u00a0» convient à {', '.join(name for name, info in FIELDS.items() if info.is_half)}.",
        )
    for pattern in mapping.photos.files if mapping.photos else ():
        if "{number}" not in pattern:
            raise MappingError(
                f"Dans le mapping {name}, un chemin de «\u00a0photos.files\u00a0» n’a pas «\u00a0{{number}}\u00a0».",
                "Écrivez par exemple «\u00a0photos/{number}.jpg\u00a0».",
            )
