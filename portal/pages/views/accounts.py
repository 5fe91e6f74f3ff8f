"""Comptabilité: the balance said kindly, and the two tables."""

from collections.abc import Iterator

import msgspec

from cabinet.dossier import Balance, Dossier, Fee, Instalment
from portal.pages.elements import visible_keys
from portal.pages.formats import Formats
from portal.pages.language import Language
from portal.pages.settings import PortalSettings
from portal.pages.views.tables import Column, ColumnOf, TableView, table_view


class BalanceView(msgspec.Struct, frozen=True):
    """`tone` is owed, settled, credit or unknown: the sentence and the colour follow from it."""

    tone: str
    amount: str = ""
    as_of: str = ""


class AccountsView(msgspec.Struct, frozen=True):
    balance: BalanceView | None
    """None where the line is hidden."""
    table: TableView | None
    """None where the table is hidden: its page then only shows the balance."""
    has_switch: bool
    """Whether both tables can be reached."""


def schedule_view(dossier: Dossier, settings: PortalSettings, words: Language) -> AccountsView:
    shown = visible_keys(settings.hidden)
    columns = _schedule_columns(words)
    table = table_view("accounts.schedule", columns, dossier.instalments, shown, mark=_mark, mark_in="settled")
    return _accounts_view(table, dossier.balance, shown, words.formats)


def fees_view(dossier: Dossier, settings: PortalSettings, words: Language) -> AccountsView:
    shown = visible_keys(settings.hidden)
    table = table_view("accounts.fees", _fee_columns(words), dossier.fees, shown)
    return _accounts_view(table, dossier.balance, shown, words.formats)


def _accounts_view(table: TableView, balance: Balance | None, shown: frozenset[str], formats: Formats) -> AccountsView:
    return AccountsView(
        balance=_balance(balance, formats) if "accounts.balance" in shown else None,
        table=table if table.key in shown else None,
        has_switch=shown >= {"accounts.switch", "accounts.schedule", "accounts.fees"},
    )


def _balance(balance: Balance | None, formats: Formats) -> BalanceView:
    if balance is None:
        return BalanceView("unknown")
    tone = "owed" if balance.amount > 0 else "settled" if balance.amount == 0 else "credit"
    return BalanceView(
        tone=tone,
        amount=formats.money_short(abs(balance.amount)),
        as_of=formats.date(balance.as_of) if balance.as_of else "",
    )


def _schedule_columns(words: Language) -> Iterator[ColumnOf[Instalment]]:
    _, formats = words.texts.gettext, words.formats
    said = {True: _("oui"), False: _("non"), None: ""}
    yield ColumnOf(Column("label", _("Libellé")), lambda line: line.label)
    yield ColumnOf(Column("total", _("Total"), is_number=True), lambda line: _money(line.total, formats))
    yield ColumnOf(Column("amount", _("Montant"), is_number=True), lambda line: _money_short(line.amount, formats))
    yield ColumnOf(Column("settled", _("Traité")), lambda line: said[line.settled])
    yield ColumnOf(Column("date", _("Date")), lambda line: formats.date(line.date) if line.date else "")


def _mark(line: Instalment) -> str:
    return {True: "settled", False: "open", None: ""}[line.settled]


def _fee_columns(words: Language) -> Iterator[ColumnOf[Fee]]:
    _, formats = words.texts.gettext, words.formats
    yield ColumnOf(Column("label", _("Libellé")), lambda line: line.label)
    yield ColumnOf(Column("total", _("Total"), is_number=True), lambda line: _money(line.total, formats))
    yield ColumnOf(Column("amount", _("Montant"), is_number=True), lambda line: _money_short(line.amount, formats))
    yield ColumnOf(Column("remaining", _("Reste"), is_number=True), lambda line: _money_short(line.remaining, formats))
    yield ColumnOf(Column("date", _("Date")), lambda line: formats.date(line.date) if line.date else "")


def _money(cents: int | None, formats: Formats) -> str:
    return "" if cents is None else formats.money(cents)


def _money_short(cents: int | None, formats: Formats) -> str:
    return "" if cents is None else formats.money_short(cents)
