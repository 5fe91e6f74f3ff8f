"""Moments as the reception desk says them: « aujourd’hui à 7h30 », « vendredi à 7h30 », « le 09/01/2026 à 7h30 »."""

import datetime as dt

from merge.french import WEEKDAYS, short_date, time_of_day

_EVENING = 18


def local(moment: dt.datetime, now: dt.datetime) -> dt.datetime:
    """`moment` in the time zone of `now`, which is this computer's."""
    return moment.astimezone(now.tzinfo)


def when(moment: dt.datetime, now: dt.datetime) -> str:
    """« aujourd’hui à 7h30 »."""
    here = local(moment, now)
    return f"{day(here.date(), now.date())} à {time_of_day(here)}"


def day(date: dt.date, today: dt.date) -> str:
    """« aujourd’hui », « hier », « vendredi » within the week, « le 09/01/2026 » before."""
    ago = (today - date).days
    if 0 <= ago < 7:
        return {0: "aujourd’hui", 1: "hier"}.get(ago, WEEKDAYS[date.weekday()])
    return f"le {short_date(date)}"


def next_time(at: dt.time, now: dt.datetime) -> str:
    """The next time that the clock shows `at`: « ce soir à 20h07 », « demain à 7h30 »."""
    if at <= now.time():
        return f"demain à {time_of_day(dt.datetime.combine(now.date(), at))}"
    part = "ce soir" if at.hour >= _EVENING else "aujourd’hui"
    return f"{part} à {time_of_day(dt.datetime.combine(now.date(), at))}"


def short_day(date: dt.date) -> str:
    """« Lun. 12/01/2026 »."""
    return f"{WEEKDAYS[date.weekday()][:3].capitalize()}. {short_date(date)}"


def duration(seconds: float) -> str:
    """« 42 s », « 3 min 05 s »; less than a second counts as one."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole}\u00a0s"
    return f"{whole // 60}\u00a0min {whole % 60:02}\u00a0s"
