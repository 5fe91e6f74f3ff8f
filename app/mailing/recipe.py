"""What a person decided for a mailing: kept on disk while it is made, so that an interruption loses nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

from app.desk import mailing
from app.mailing.library import SHIPPED
from cabinet.dossier import Dossier
from cabinet.errors import WebOrthoError
from cabinet.system_words import why
from merge.letters.shipped import SHIPPED_BY_TITLE
from merge.letters.whole_file import whole_file
from merge.meant import only
from merge.recipients import PROCEDURE_ORDER, ChannelKind, Choice, Filters, Selection
from portal.api.desk import Account


class Recipe(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom, by which channels, in which model's words. Numbers are patients'."""

    model: str = SHIPPED
    order: tuple[ChannelKind, ...] = PROCEDURE_ORDER
    never_informed: bool = True
    never_signed_in: bool = False
    active: bool = False
    with_email: bool = False
    treatment_from: dt.date | None = None
    treatment_until: dt.date | None = None
    group: bool = False
    both_parents: bool = False
    by_hand: bool = False
    """The filters choose nobody: only `chosen` are written to."""
    chosen: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    """Taken out, although the filters let them pass."""
    switched: dict[str, ChannelKind] = {}
    """Written to by this channel, whatever the order says."""
    only: dict[str, frozenset[str]] = {}
    """Of these patients' addressees, those alone (`merge.meant.whom`), as long as one of them is still there."""

    @property
    def choice(self) -> Choice:
        filters = Filters(
            active=self.active,
            never_informed=self.never_informed,
            never_signed_in=self.never_signed_in,
            with_email=self.with_email,
            treatment_from=self.treatment_from,
            treatment_until=self.treatment_until,
        )
        if self.by_hand:
            filters = Filters(
                never_informed=self.never_informed, never_signed_in=self.never_signed_in, numbers=self.chosen
            )
        return Choice(filters, self.order, self.group, self.both_parents)

    def with_model(self, model: str) -> "Recipe":
        """In another model's words. A reminder is for those who never signed in, an announcement for the uninformed."""
        reminds = _reminds(model)
        if self.by_hand or reminds is _reminds(self.model):
            return msgspec.structs.replace(self, model=model)
        return msgspec.structs.replace(self, model=model, never_informed=not reminds, never_signed_in=reminds)

    def without(self, numbers: Iterable[str]) -> "Recipe":
        """These patients are not written to."""
        gone = frozenset(numbers)
        if self.by_hand:
            return msgspec.structs.replace(self, chosen=self.chosen - gone)
        return msgspec.structs.replace(self, removed=self.removed | gone)

    def with_again(self, numbers: Iterable[str]) -> "Recipe":
        """These patients are written to after all."""
        back = frozenset(numbers)
        if self.by_hand:
            return msgspec.structs.replace(self, chosen=self.chosen | back)
        return msgspec.structs.replace(self, removed=self.removed - back)

    def by_channel(self, numbers: Iterable[str], channel: ChannelKind) -> "Recipe":
        """« Basculer »: these patients by another channel."""
        return msgspec.structs.replace(self, switched={**self.switched, **dict.fromkeys(numbers, channel)})


def _reminds(model: str) -> bool:
    shipped = SHIPPED_BY_TITLE.get(model)
    return shipped is not None and shipped.reminder


def select(
    recipe: Recipe,
    dossiers: Iterable[Dossier],
    accounts: Iterable[Account],
    today: dt.date,
    opted_out: Iterable[str],
) -> Selection:
    """Whom the recipe writes to, in the order of the dossiers; `accounts` is what the portal knows."""
    accounts, opted_out = tuple(accounts), tuple(opted_out)
    removed: frozenset[str] = frozenset() if recipe.by_hand else recipe.removed
    wanted = [dossier for dossier in dossiers if dossier.number not in removed]
    choice = recipe.choice

    def chosen(some: Iterable[Dossier], choice: Choice) -> Selection:
        some = tuple(some)
        usual = mailing.choose(some, accounts, choice, today, opted_out)
        if not recipe.only:
            return usual
        every = mailing.choose(some, accounts, replace(choice, both_parents=True), today, opted_out)
        return only(recipe.only, every, usual)

    parts = [chosen((one for one in wanted if one.number not in recipe.switched), choice)]
    for channel in ChannelKind if recipe.switched else ():
        switched = (one for one in wanted if recipe.switched.get(one.number) is channel)
        parts.append(chosen(switched, replace(choice, order=(channel,))))
    places = {dossier.number: place for place, dossier in enumerate(wanted)}
    recipients = (one for part in parts for one in part.recipients)
    return Selection(
        tuple(sorted(recipients, key=lambda one: places[one.numbers[0]])),
        tuple(one for part in parts for one in part.left_out),
    )


class RecipeFileError(WebOrthoError):
    """What was being made cannot be kept."""


def read_recipe(path: Path) -> Recipe:
    """What was being made when the program ended; a new one where there is nothing readable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Recipe)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Recipe()


def keep_recipe(recipe: Recipe, path: Path) -> None:
    """Raise `OutputError` where the disk refuses."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RecipeFileError(
            f"Le dossier « {path.parent} » ne peut pas être écrit ({why(error)}).", "Vérifiez ses droits."
        ) from error
    with whole_file(path) as file:
        file.write(msgspec.json.encode(recipe))
