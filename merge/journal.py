"""A campaign's journal as a file that a spreadsheet opens."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from merge.csv_safe import csv_text
from merge.outbox import Entry, State

HEADER = ("Date", "Heure", "État", "Canal", "N°", "Destinataire", "Détail", "Essais")
STATE_WORDS = {
    State.READY: "En attente",
    State.SENDING: "En cours",
    State.SENT: "Réussi",
    State.FAILED: "Échec",
    State.UNKNOWN: "À vérifier",
}
CHANNEL_WORDS = {"email": "E-mail", "sms": "SMS", "letter": "Lettre", "card": "Carte"}


def journal_csv(entries: Iterable[Entry], zone: ZoneInfo) -> str:
    """The journal with times of the cabinet; no cell runs as a formula. Write it as UTF-8 with BOM."""
    rows = (
        (
            f"{moment:%d/%m/%Y}",
            f"{moment:%H:%M:%S}",
            STATE_WORDS[entry.state],
            CHANNEL_WORDS.get(entry.channel, entry.channel),
            " ".join(entry.numbers),
            entry.recipient,
            entry.detail,
            str(entry.tries),
        )
        for entry in entries
        for moment in [dt.datetime.fromtimestamp(entry.changed, zone)]
    )
    return csv_text([HEADER, *rows])
