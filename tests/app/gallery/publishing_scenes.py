"""Synchronisation: quiet, running, refused, held, asked of another computer, and its windows."""

import datetime as dt

from PySide6.QtWidgets import QWidget

from app.errors import Trouble
from app.publishing import pipeline
from app.publishing.changes import Changes, Row
from app.publishing.changes_dialog import ChangesDialog
from app.publishing.dialogs import DetailDialog, PeopleDialog
from app.publishing.history import Detail, Failure, ProblemLine, Remedy, Tone, Verdict
from app.publishing.runs import Group, Person
from app.publishing.view import PublishingScreen
from app.publishing.waiting import REUSED, WITHDRAWALS
from app.widgets.pill import Kind
from portal.api.nights import Phase
from sync.run import Progress
from tests.app.gallery.scenes import scene
from tests.app.gallery.stage import Stage

REFUSED = Trouble(
    "La colonne «\u00a0Né(e) le\u00a0» a disparu de patients.csv. Rien n’a été publié.",
    "Vérifiez l’export dans le logiciel du cabinet, ou indiquez la nouvelle colonne dans les Réglages, Source.",
)
LONG_REFUSAL = Trouble(
    "L’export a beaucoup changé depuis la dernière synchronisation\u00a0: 1\u00a0200 rendez-vous au lieu de "
    "8\u00a0000, 230 patients sans téléphone, 118 patients sans adresse, et 4 autres champs. Rien n’a été publié.",
    "Vérifiez l’export dans le logiciel du cabinet\u00a0; un praticien peut le publier quand même depuis son poste.",
)
BEING_WRITTEN = Trouble(
    "Le fichier patients.csv était en cours d’écriture.", "Attendez la fin de l’export, puis recommencez."
)
PEOPLE = tuple(
    Person(f"{5300 + n}", "DE LA TOUR-SAINT-HIPPOLYTE Marie-Antoinette-Bérengère" if n == 2 else f"EXEMPLE-{n} Alix")
    for n in range(30)
)


@scene("synchronisation")
def quiet(stage: Stage) -> QWidget:
    return _screen(stage).window()


@scene("synchronisation-planifiee")
def scheduled(stage: Stage) -> QWidget:
    screen = _screen(stage)
    board = screen._context.board
    board.evening = dt.time(20, 14)
    board.schedule_changed.emit()
    stage.settle()
    return screen.window()


@scene("synchronisation-en-cours")
def running(stage: Stage) -> QWidget:
    screen = _screen(stage)
    screen.run.pipeline.show_pipeline(pipeline.started())
    screen.run.progress.begin("Lecture de l’export…")
    screen.run.show_news(Progress(Phase.SEND, 214, 1302))
    screen._buttons(enabled=False)
    stage.settle()
    return screen.window()


@scene("synchronisation-differences")
def comparing(stage: Stage) -> QWidget:
    screen = _screen(stage)
    screen.run.pipeline.show_pipeline(pipeline.started())
    screen.run.progress.begin("Lecture de l’export…")
    screen.run.show_news(Progress(Phase.COMPARE))
    stage.settle()
    return screen.window()


@scene("synchronisation-refusee")
def refused(stage: Stage) -> QWidget:
    screen = _screen(stage)
    screen.run.pipeline.show_pipeline(pipeline.stopped(pipeline.started()))
    screen.result.say_trouble(LONG_REFUSAL, Remedy.CONFIRM)
    stage.settle()
    return screen.window()


@scene("synchronisation-reessayer")
def to_try_again(stage: Stage) -> QWidget:
    """The morning after: the night met an export that was being written."""
    screen = _screen(stage)
    what = f"Hier à 20h14\u00a0: {BEING_WRITTEN.what}"
    screen.history.show_failure(Failure(what, BEING_WRITTEN.todo, Remedy.RETRY))
    stage.settle()
    return screen.window()


@scene("synchronisation-en-ecriture")
def being_written(stage: Stage) -> QWidget:
    """So does a run that was just asked for."""
    screen = _screen(stage)
    screen.run.pipeline.show_pipeline(pipeline.stopped(pipeline.started()))
    screen.result.say_trouble(BEING_WRITTEN, Remedy.RETRY)
    stage.settle()
    return screen.window()


@scene("synchronisation-retraits")
def held(stage: Stage) -> QWidget:
    screen = _screen(stage)
    for case, box in screen.waiting._boxes.items():
        box.say(Kind.ALERT, case.what(30), f"{case.why} {case.elsewhere}", "Voir la liste")
    screen.waiting.show()
    screen.result.say_trouble(REFUSED, Remedy.SETTINGS)
    stage.settle()
    return screen.window()


@scene("synchronisation-liste")
def people(stage: Stage) -> QWidget:
    screen = _screen(stage)
    groups = (
        Group("added", "À ajouter", PEOPLE),
        Group("changed", "À modifier", PEOPLE[:12]),
        Group("withdrawn", "À retirer", ()),
        Group("held", "Retraits en attente", PEOPLE),
        Group("reused", "Numéros réutilisés", PEOPLE[:2]),
    )
    told = (
        "Essai sans publication\u00a0: 30\u00a0dossiers à ajouter, 12 à mettre à jour, 0 à retirer, 80\u00a0inchangés."
    )
    dialog = PeopleDialog(
        "Simulation", f"{told} Rien n’a été publié.", groups, "Synchroniser maintenant", parent=screen
    )
    return stage.show(dialog)


@scene("synchronisation-confirmer")
def confirming(stage: Stage) -> QWidget:
    """At a practitioner's computer."""
    screen = _screen(stage)
    dialog = PeopleDialog(
        WITHDRAWALS.title(30),
        WITHDRAWALS.explanation,
        (Group(WITHDRAWALS.key, WITHDRAWALS.group, PEOPLE),),
        WITHDRAWALS.action(30),
        is_dangerous=True,
        parent=screen,
    )
    return stage.show(dialog)


@scene("synchronisation-numeros")
def reused(stage: Stage) -> QWidget:
    """At the reception."""
    screen = _screen(stage)
    dialog = PeopleDialog(
        REUSED.title(2),
        f"{REUSED.explanation} {REUSED.not_here}",
        (Group(REUSED.key, REUSED.group, PEOPLE[:2]),),
        parent=screen,
    )
    return stage.show(dialog)


@scene("synchronisation-ce-qui-change")
def changes(stage: Stage) -> QWidget:
    screen = _screen(stage)
    dossier = next(iter(screen._context.board.dossiers.values()))
    dialog = ChangesDialog(screen._context, Person(dossier.number, PEOPLE[2].name), dossier, screen)
    stage.show(dialog)
    rows = (
        Row("Rendez-vous du 06/10/2026 à 16h20, durée", "20 min", "45 min"),
        Row("Échéance du 02/10/2026, CONTENTION deuxième année, réglée", "non", "oui"),
        Row("Adresse e-mail", "nom@exemple.fr", "un.autre.nom.beaucoup.plus.long@messagerie.exemple.fr"),
    )
    told = "Publié le 06/10/2026 à 20h14 par le poste «\u00a0ACCUEIL-1\u00a0»."
    dialog._show(Changes(told, rows * 5, "Sans changement\u00a0: l’identité, 12\u00a0rendez-vous, 4\u00a0échéances."))
    stage.settle()
    return dialog


@scene("synchronisation-detail")
def detail(stage: Stage) -> QWidget:
    screen = _screen(stage)
    problems = (
        ProblemLine(
            "10\u00a0000 lignes non publiées",
            Tone.ERROR,
            "patients.csv, lignes 3, 8, 12 et 9\u00a0997 autres, colonne «\u00a0Né(e) le\u00a0»",
            "La date «\u00a031/02/2012\u00a0» n’existe pas. Corrigez-la dans le logiciel du cabinet\u00a0; le dossier "
            "reste tel qu’il était sur le portail.",
        ),
        ProblemLine("1 remarque", Tone.NEUTRAL, "rendez-vous.csv", "Le fichier n’a pas de dernière ligne entière."),
        ProblemLine(
            "12\u00a0valeurs laissées de côté", Tone.ALERT, "adresses.csv, colonne «\u00a0Courriel\u00a0»", "…"
        ),
    )
    shown = Detail(
        "Synchronisation du 06/10/2026 à 20h14",
        Verdict(Tone.ALERT, "10\u00a0000 lignes ignorées"),
        ("12\u00a0dossiers ajoutés, 86 modifiés, 3 retirés.", "25\u00a0retraits en attente."),
        problems * 3,
    )
    return stage.show(DetailDialog(shown, screen))


def _screen(stage: Stage) -> PublishingScreen:
    return stage.screen("publishing", PublishingScreen)
