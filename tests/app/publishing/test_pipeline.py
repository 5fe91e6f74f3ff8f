"""What the four steps count and which one is lit."""

from app.publishing import pipeline
from app.publishing.pipeline import Light, Stage
from cabinet.dossier import Digest
from portal.api.manifest import manifest_of
from portal.api.nights import Phase
from portal.api.shapes import ManifestEntry, TableCounts
from sync.plan import Fingerprint, Plan, make_plan
from sync.report import Outcome, RunReport
from sync.run import Progress

COUNTS = TableCounts(patients=1248)


def report(status: Outcome = Outcome.DONE) -> RunReport:
    return RunReport(
        status,
        "demo",
        "https://portail.exemple.fr",
        status is Outcome.PLANNED,
        COUNTS,
        rows=1302,
        added=12,
        changed=86,
        withdrawn=3,
        unchanged=1096,
        left_out=54,
    )


def plan() -> Plan:
    shown = manifest_of([ManifestEntry("1", b"a" * 16), ManifestEntry("2", b"b" * 16), ManifestEntry("9", b"c" * 16)])
    now = {
        "1": Fingerprint(Digest(b"a" * 16)),
        "2": Fingerprint(Digest(b"x" * 16)),
        "3": Fingerprint(Digest(b"y" * 16)),
    }
    return make_plan(now, shown, counts=TableCounts(patients=3))


def test_a_run_is_counted_from_the_export_to_the_portal() -> None:
    assert pipeline.of_report(report()).spoken == (
        "Source, 1\u00a0302 dossiers lus Export du cabinet. Contrôle, 1\u00a0194 dossiers valides 54\u00a0masqués, "
        "54\u00a0refusés. Différences, 12 ajoutés, 86 modifiés, 3 retirés, 1\u00a0096 inchangés. Portail, "
        "1\u00a0194 patients publiés 98\u00a0envoyés, 3\u00a0retirés"
    )


def test_a_simulation_says_what_would_be() -> None:
    shown = pipeline.of_report(report(Outcome.PLANNED))
    assert [figure.words for figure in shown.differences] == ["à ajouter", "à modifier", "à retirer", "inchangés"]
    assert shown.portal.spoken == "1\u00a0194 patients à publier 98 à envoyer, 3 à retirer"


def test_steps_light_up_one_after_the_other() -> None:
    shown = pipeline.started()
    assert shown.lights[Stage.SOURCE] is Light.ACTIVE
    shown = pipeline.progressed(shown, Progress(Phase.COMPARE))
    assert list(shown.lights.values()) == [Light.DONE, Light.DONE, Light.ACTIVE, Light.WAITING]
    shown = pipeline.progressed(pipeline.planned(shown, plan()), Progress(Phase.SEND, 1, 2))
    assert list(shown.lights.values()) == [Light.DONE, Light.DONE, Light.DONE, Light.ACTIVE]
    assert [figure.value for figure in shown.differences] == ["1", "1", "1", "1"]
    assert shown.portal.spoken == "3 patients à publier 1 sur 2 dossiers"


def test_a_run_that_stops_shows_where() -> None:
    shown = pipeline.stopped(pipeline.progressed(pipeline.started(), Progress(Phase.COMPARE)))
    assert list(shown.lights.values()) == [Light.DONE, Light.DONE, Light.FAILED, Light.WAITING]
    assert "Différences (arrêté ici)" in shown.spoken


def test_the_bar_only_moves_forward() -> None:
    steps = [Progress(Phase.READ), Progress(Phase.COMPARE), Progress(Phase.PHOTOS, 0, 9), Progress(Phase.PHOTOS, 9, 9)]
    steps += [Progress(Phase.SEND, 0, 9), Progress(Phase.SEND, 5, 9), Progress(Phase.COMMIT)]
    parts = [pipeline.part_done(step) for step in steps]
    assert parts == sorted(parts)
    assert parts[-1] < 1
