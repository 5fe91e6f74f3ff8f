"""How many letters could not be posted, by the rule that Patients lists them by. Slow: for a worker's thread."""

from collections.abc import Mapping

from app.patients.presenter import is_incomplete
from cabinet.dossier import Dossier
from portal.api.desk import Account, Showing


def incomplete_addresses(dossiers: Mapping[str, Dossier], accounts: Mapping[str, Account] | None) -> int:
    """Patients without a postable address; those who were erased at their request are written to no more."""
    erased = {number for number, account in (accounts or {}).items() if account.showing is Showing.ERASED}
    return sum(is_incomplete(dossier) for number, dossier in dossiers.items() if number not in erased)
