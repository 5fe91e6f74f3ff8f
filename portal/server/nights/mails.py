"""The e-mails to a cabinet about its nights. Each sort goes out once a day at most; nothing names a patient."""

import datetime as dt
from zoneinfo import ZoneInfo

from portal.api.nights import TroubledNights
from portal.api.shapes import ToldProblem
from portal.pages.formats import French
from portal.server.accounts.telling import tell
from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.settings_store import current_settings
from portal.server.mail.letters import Letter, flat
from portal.server.nights.models import NightMail
from portal.server.nights.verdicts import Sort, sort_of

LISTED = 10
"""Kinds of problems in one mail; the application shows them all."""
_FORMATS = French()
_NO_COMPUTER = "un poste du cabinet"


def trouble(cabinet: Cabinet, nights: TroubledNights, now: dt.datetime) -> bool:
    """That a night failed, holds something, or did not come. Whether it is queued."""
    values = {
        "what": flat(nights.what),
        "todo": f"\n\n{flat(nights.todo)}" if nights.todo else "",
        "device": f"le poste «\u00a0{nights.device_name}\u00a0»" if nights.device_name else _NO_COMPUTER,
        "since": _moment(cabinet, nights.since),
        "nights": _in_a_row(nights),
        "shown": _shown_as_of(cabinet),
    }
    return _write(cabinet, sort_of(nights.trouble), values, now)


def problems(cabinet: Cabinet, new: tuple[ToldProblem, ...], now: dt.datetime) -> bool:
    """That the export has problems that the cabinet was not written of. Whether it is queued."""
    listed = [f"– {flat(one.sentence)}" for one in new[:LISTED]]
    if len(new) > LISTED:
        listed.append(f"– et {len(new) - LISTED} autres sortes de problèmes, que montre l’application.")
    values = {"problems": "\n".join(listed), "count": _counts(new)}
    return _write(cabinet, Sort.PROBLEMS, values, now)


def all_well(cabinet: Cabinet, now: dt.datetime) -> bool:
    """That what was written of is over. Whether it is queued."""
    return _write(cabinet, Sort.WELL, {"shown": _shown_as_of(cabinet)}, now)


def _write(cabinet: Cabinet, sort: Sort, values: dict[str, str], now: dt.datetime) -> bool:
    """Within a transaction that holds the cabinet. Without an address nothing is written, and nothing counted."""
    address = current_settings(cabinet).contact_email
    if not address:
        return False
    day = now.astimezone(ZoneInfo(cabinet.time_zone)).date()
    _, is_first = NightMail.objects.of(cabinet).get_or_create(cabinet=cabinet, sort=sort.value, day=day)
    return is_first and tell(cabinet, "", Letter(f"night_{sort}", address, values=values))


def _shown_as_of(cabinet: Cabinet) -> str:
    if cabinet.as_of is None:
        return "Vos patients ne voient encore aucun dossier."
    return f"Vos patients voient les données du {_moment(cabinet, cabinet.as_of)}."


def _moment(cabinet: Cabinet, moment: dt.datetime) -> str:
    here = moment.astimezone(ZoneInfo(cabinet.time_zone))
    return f"{_FORMATS.long_date(here.date())} à {_FORMATS.time(here)}"


def _in_a_row(nights: TroubledNights) -> str:
    """Of whatever sort: an evening that failed may follow one that did not come."""
    return f"\n\nC’est le {nights.nights}e soir de suite qui demande votre attention." if nights.nights > 1 else ""


def _counts(new: tuple[ToldProblem, ...]) -> str:
    """« 3 lignes non publiées, 1 valeur laissée de côté, 1 point à vérifier »."""
    of_all = sum(one.is_of_all for one in new)
    refused = sum(one.count for one in new if one.refuses_rows)
    left_out = sum(one.count for one in new if not one.refuses_rows and not one.is_of_all)
    parts = []
    if refused:
        parts.append("1 ligne non publiée" if refused == 1 else f"{refused} lignes non publiées")
    if left_out:
        parts.append("1 valeur laissée de côté" if left_out == 1 else f"{left_out} valeurs laissées de côté")
    if of_all:
        parts.append("1 point à vérifier" if of_all == 1 else f"{of_all} points à vérifier")
    return ", ".join(parts)
