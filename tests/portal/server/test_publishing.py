"""The receiving side of the sync, through the API."""

from cabinet.dossier import Dossier
from portal.server.access import Reader, shown_to
from portal.server.cabinets.models import Cabinet
from tests.portal.server.support import Publisher


def read(cabinet: Cabinet, number: str) -> Dossier | None:
    shown = shown_to(Reader(cabinet, number, access_id=1, session_id=1))
    return shown.dossier if shown else None


def test_a_published_dossier_is_shown_whole(publisher: Publisher, demo_dossiers: tuple[Dossier, ...]) -> None:
    answer = publisher.publish(*demo_dossiers)
    assert (answer.added, answer.changed, answer.withdrawn, answer.unchanged) == (3, 0, 0, 0)
    assert [read(publisher.cabinet, d.number) for d in demo_dossiers] == list(demo_dossiers)
