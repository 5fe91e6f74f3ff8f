"""« À faire »: what waits for a person on the home screen, each line with where it leads. No Qt."""

from dataclasses import dataclass

from app.home.presenter import Known, awaiting
from app.moments import day, local
from merge.french import time_of_day
from portal.api.desk import Overview
from portal.api.nights import Trouble, TroubledNights


@dataclass(frozen=True)
class Todo:
    """A line of « À faire ». `goes_to` and `subject` are what `navigate` gets."""

    count: int
    words: tuple[str, str]
    """What of, for one and for several: the count stands before them in large."""
    aid: str
    action: str
    icon: str
    goes_to: str
    subject: str | None = None
    warns: bool = False

    @property
    def what(self) -> str:
        return self.words[self.count > 1]


@dataclass(frozen=True)
class TodoList:
    items: tuple[Todo, ...]
    nothing: str = ""
    """The sentence of an empty list."""


def todo_list(known: Known) -> TodoList:
    """What waits for a person; nothing is said to be done before everything is known."""
    items = tuple(item for item in _todos(known) if item.count)
    if items:
        return TodoList(items)
    if known.overview is None:
        return TodoList((), awaiting(known))
    if known.incomplete is None and known.reads_source:
        return TodoList((), "Lecture des adresses…")
    return TodoList((), "Rien à faire.")


def _todos(known: Known) -> list[Todo]:
    overview = known.overview
    found = []
    if overview is not None:
        found += [
            *_troubled_nights(overview.trouble),
            _schedule(known, overview),
            Todo(
                overview.held_withdrawals,
                ("retrait à confirmer", "retraits à confirmer"),
                "Ces patients ne sont plus dans l’export, mais restent visibles",
                "Vérifier",
                "user-minus",
                "publishing",
                warns=True,
            ),
            Todo(
                overview.held_reused,
                ("numéro réutilisé à confirmer", "numéros réutilisés à confirmer"),
                "L’export les donne à d’autres patients\u00a0: rien n’est montré d’eux",
                "Vérifier",
                "swap",
                "publishing",
                warns=True,
            ),
            Todo(
                # Who is informed is chosen from the export.
                overview.never_informed if known.reads_source else 0,
                ("patient jamais informé", "patients jamais informés"),
                "Ni lettre, ni e-mail, ni SMS à ce jour",
                "Préparer l’envoi",
                "envelope-simple",
                "mailing",
            ),
        ]
    incomplete = known.incomplete or 0
    found.append(
        Todo(
            incomplete,
            ("adresse incomplète", "adresses incomplètes"),
            "Ces lettres ne pourront pas être postées" if incomplete > 1 else "Cette lettre ne pourra pas être postée",
            "Corriger",
            "map-pin",
            "patients",
            "incomplete-address",
            warns=True,
        )
    )
    if overview is not None:
        found.append(
            Todo(
                overview.unread_messages,
                ("message de patient à lire", "messages de patients à lire"),
                _oldest(known, overview),
                "Lire",
                "chats",
                "inbox",
            )
        )
    found += [_conflicts(known.conflicts), _newer_settings(known.newer_settings)]
    found.append(
        Todo(
            known.unpublished,
            ("modification non publiée", "modifications non publiées"),
            "Les patients voient encore l’ancienne version",
            "Vérifier",
            "browser",
            "portal_editor",
            warns=True,
        )
    )
    return found


def _troubled_nights(trouble: TroubledNights | None) -> list[Todo]:
    """Withdrawals that wait have a line of their own."""
    if trouble is None or trouble.trouble is Trouble.HELD:
        return []
    words = (
        ("soirée sans synchronisation", "soirées sans synchronisation")
        if trouble.trouble is Trouble.MISSED
        else ("soirée sans publication", "soirées sans publication")
    )
    return [
        Todo(
            trouble.nights,
            words,
            trouble.what or "Les patients voient encore les données d’avant",
            "Voir",
            "moon",
            "publishing",
            warns=True,
        )
    ]


def _schedule(known: Known, overview: Overview) -> Todo:
    """Of a cabinet that has published, and that nothing publishes for in the evening."""
    return Todo(
        int(overview.published > 0 and not known.is_scheduled),
        ("synchronisation du soir à programmer",) * 2,
        "Sur le poste qui lit l’export\u00a0: webortho sync schedule install",
        "Voir",
        "moon",
        "publishing",
        warns=True,
    )


def _conflicts(count: int) -> Todo:
    return Todo(
        count,
        ("réglage modifié sur deux postes", "réglages modifiés sur deux postes"),
        "Choisissez lequel garder",
        "Choisir",
        "arrows-left-right",
        "setup",
        warns=True,
    )


def _newer_settings(count: int) -> Todo:
    return Todo(
        count,
        ("réglage laissé de côté", "réglages laissés de côté"),
        "D’une version plus récente de WebOrtho que celle de ce poste",
        "Voir",
        "arrow-circle-up",
        "setup",
        "help",
        warns=True,
    )


def _oldest(known: Known, overview: Overview) -> str:
    """« Le plus ancien date de vendredi, 16h05 »."""
    if overview.oldest_unread is None:
        return ""
    here = local(overview.oldest_unread, known.now)
    said = day(here.date(), known.now.date())
    of_day = (
        said.replace("le ", "du ", 1) if said.startswith("le ") else f"d’{said}" if said[0] in "ah" else f"de {said}"
    )
    start = "Le plus ancien date" if overview.unread_messages > 1 else "Il date"
    return f"{start} {of_day}, {time_of_day(here)}"
