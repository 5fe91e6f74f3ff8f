"""What every `webortho merge …` is told: where the patients and the cabinet come from, and who is meant."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click

from app.desk.desk import Desk
from app.desk.mailing import signed_in
from app.desk.office import TEXTS, open_office
from app.desk.offline import Workbench, read_cabinet_file
from app.desk.printing import paper_recipients
from cabinet.dossier import Dossier
from cabinet.errors import WebOrthoError
from cabinet.mapping import default_mapping, load_mapping
from cabinet.reading import read
from cli.merge_refused import Listed, read_missing
from cli.paths import FILE
from merge.meant import only
from merge.recipients import ChannelKind, Choice, Filters, Recipient, Selection, passing, select
from sync.config import default_config_file

NO_KEY = bytes(32)
"""Photos are not merged: a cabinet's own key is not needed."""
Command = TypeVar("Command", bound=Callable[..., Any])


class OptionsError(WebOrthoError):
    """The options do not go together, or name a patient who is not there."""


@dataclass(frozen=True)
class Where:
    """What the command line says of source and cabinet, and who is meant."""

    config: Path | None
    cabinet_file: Path | None
    state_dir: Path | None
    as_json: bool
    source: Path | None = None
    mapping: Path | None = None
    only: tuple[str, ...] = ()
    active: bool = False
    never_signed_in: bool = False
    both_parents: bool = False
    only_from: Path | None = None
    refused: Path | None = None
    started: float = field(default_factory=time.monotonic)

    @cached_property
    def listed(self) -> Listed:
        """What `--only-from` says. Raise `WebOrthoError` for a list that is none."""
        return read_missing(self.only_from) if self.only_from else Listed()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The patients of `--only` and of `--only-from`. Raises as `listed`."""
        return tuple(dict.fromkeys((*self.only, *self.listed.numbers)))

    @property
    def filters(self) -> Filters:
        return Filters(active=self.active, never_informed=False, numbers=frozenset(self.numbers) or None)

    def select(self, dossiers: tuple[Dossier, ...], channel: ChannelKind, *, grouped: bool = False) -> Selection:
        """Who is written to by this channel, and whom it does not reach."""
        choice = Choice(self.filters, (channel,), group_households=grouped)
        return self._meant(lambda both: select(dossiers, replace(choice, both_parents=both), today()))

    def select_cards(self, dossiers: tuple[Dossier, ...]) -> tuple[Recipient, ...]:
        """Of the patients that the filters let pass, whether or not anything reaches them."""
        passed = passing(dossiers, self.filters, today())
        return self._meant(lambda both: Selection(paper_recipients(passed, both_parents=both), ())).recipients

    def _meant(self, chosen: Callable[[bool], Selection]) -> Selection:
        """The usual addressees, or those whom the list names; `chosen` is told whether every addressee counts."""
        usual = chosen(self.both_parents)
        meant = {number: names for number, names in self.listed.meant.items() if number not in self.only}
        return only(meant, chosen(True), usual) if meant else usual

    def read_source(self) -> tuple[Dossier, ...]:
        """The patients, without those who signed in where a reminder is wanted.

        Raise `SourceError`, `MappingError`, `ConfigError`, the portal's errors, and `OptionsError` for a number that is
        not there.
        """
        dossiers = self._read()
        known = {dossier.number for dossier in dossiers}
        if unknown := [number for number in self.numbers if number not in known]:
            raise OptionsError(
                f"Aucun patient n’a le numéro {' ou '.join(unknown)} dans l’export.",
                f"Vérifiez {'--only-from' if self.only_from else '--only'}, ou refaites l’export.",
            )
        if self.never_signed_in:
            there = self._signed_in()
            dossiers = tuple(dossier for dossier in dossiers if dossier.number not in there)
        return dossiers

    def _signed_in(self) -> frozenset[str]:
        if not self.has_links:
            raise OptionsError(
                "Sans le portail, personne ne sait qui s’est connecté.",
                "Retirez --cabinet-file, ou --never-signed-in.",
            )
        with self.desk().portal() as portal:
            return signed_in(portal.desk.accounts())

    def _read(self) -> tuple[Dossier, ...]:
        if self.cabinet_file and not self.source:
            raise OptionsError("Il manque l’option --source.", "Avec --cabinet-file, donnez le dossier de l’export.")
        if self.source:
            mapping = load_mapping(self.mapping) if self.mapping else default_mapping()
            return read(self.source, mapping, NO_KEY).dossiers
        return self.desk().read_source().dossiers

    def desk(self) -> Desk:
        return Desk(self.config or default_config_file(), self.state_dir)

    @property
    def texts_folder(self) -> Path:
        """Of the cabinet's own letters and their pictures; it need not be there. Nothing is asked of the portal."""
        return read_cabinet_file(self.cabinet_file).texts if self.cabinet_file else self.desk().base / TEXTS

    @property
    def has_links(self) -> bool:
        """Whether there is a portal to make personal links, and to ask who came."""
        return self.cabinet_file is None

    @contextmanager
    def bench(self, dossiers: tuple[Dossier, ...]) -> Iterator[Workbench]:
        """With `--cabinet-file` nothing is asked of the portal; else the codes are the portal's."""
        if self.cabinet_file:
            yield Workbench.offline(read_cabinet_file(self.cabinet_file), dossiers, today())
        else:
            with open_office(self.desk()) as office:
                yield Workbench.connected(office)


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """All of these, in this order."""

    def put_on(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return put_on


_CONFIG = click.option("--config", type=FILE, help="Configuration de ce poste : le portail fait codes et liens.")
_CABINET = together(
    click.option("--cabinet-file", type=FILE, help="Fichier JSON du cabinet : sans portail, donc sans liens."),
    click.option("--state-dir", type=FILE, help="Dossier du journal de ce poste."),
)
_OUTPUT = together(
    click.option("--json", "as_json", is_flag=True, help="Écrit un seul objet JSON sur la sortie standard."),
    click.option("--out", required=True, type=FILE, help="Fichier à écrire (pour les e-mails, un dossier)."),
)
common = together(
    _CONFIG,
    click.option("--source", type=FILE, help="Dossier de l’export, à la place de celui de la configuration."),
    click.option("--mapping", type=FILE, help="Fichier de mapping de --source."),
    _CABINET,
    click.option("--only", multiple=True, metavar="NUMÉRO", help="Seulement ce patient (peut être répété)."),
    click.option("--only-from", type=FILE, help="Seulement les patients de ce fichier, écrit par --refused."),
    click.option("--refused", type=FILE, help="Fichier où écrire ceux qui manquent, et pourquoi."),
    click.option("--active", is_flag=True, help="Seulement les patients en traitement."),
    click.option("--never-signed-in", is_flag=True, help="Seulement ceux qui ne sont jamais venus."),
    click.option("--both-parents", is_flag=True, help="Écrit à chaque destinataire du dossier."),
    _OUTPUT,
)
"""The options of every merge."""
cabinet_alone = together(_CONFIG, _CABINET, _OUTPUT)
"""The options of what is of no patient."""


def today() -> dt.date:
    """On this computer's calendar."""
    return dt.datetime.now().astimezone().date()
