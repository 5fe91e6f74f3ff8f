"""The columns of the history of runs."""

from app.publishing.dialogs import kind_of
from app.publishing.history import Line
from app.widgets.pill import PillData
from app.widgets.table_model import Column, Look


def history_columns() -> tuple[Column[Line], ...]:
    def pill(line: Line) -> PillData:
        return PillData(kind_of(line.verdict.tone), line.verdict.words)

    return (
        Column("Date", lambda line: line.date, Look.STRONG, width=186),
        Column("Heure", lambda line: line.hour, width=90),
        Column("Lancement", lambda line: line.launch, Look.QUIET, width=140),
        Column("Durée", lambda line: line.duration, width=82, right=True),
        Column("Ajoutés", lambda line: line.added, width=92, right=True),
        Column("Modifiés", lambda line: line.changed, width=99, right=True),
        Column("Retirés", lambda line: line.withdrawn, width=87, right=True),
        Column("", lambda _: "", width=28),
        Column("Résultat", lambda line: line.verdict.words, pill=pill, tip=lambda line: line.verdict.words),
        Column("", lambda _: "Détail", Look.LINK, width=72, right=True),
    )
