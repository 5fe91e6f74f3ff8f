"""What the strip over the screens says."""

from app.errors import Trouble, trouble_of
from app.shell.troubles import OFFLINE, REFUSED, Troubles, Way
from cabinet.errors import MappingError, SourceNotReady

NO_ANSWER = Trouble("Le portail n’a pas répondu.", "Réessayez.", offline=True)
UNREADABLE = Trouble("L’export est illisible.", "Exportez de nouveau.")
REVOKED = Trouble("Le jeton est révoqué.", refused=True)


def test_a_silent_portal_is_told_once_however_many_answers_are_missing() -> None:
    troubles = Troubles()
    for subject in ("accounts", "overview", "messages"):
        troubles.happened(subject, NO_ANSWER)
    assert troubles.said is not None
    assert (troubles.said.trouble, troubles.said.way) == (OFFLINE, Way.RETRY)


def test_it_stays_until_every_answer_has_come() -> None:
    troubles = Troubles()
    troubles.happened("accounts", NO_ANSWER)
    troubles.happened("overview", NO_ANSWER)
    troubles.renewed("accounts")
    assert troubles.said is not None
    troubles.renewed("overview")
    assert troubles.said is None


def test_an_error_of_its_own_is_told_before_a_silent_portal() -> None:
    troubles = Troubles()
    troubles.happened("reading", UNREADABLE)
    troubles.happened("overview", NO_ANSWER)
    assert troubles.said is not None
    assert (troubles.said.trouble, troubles.said.way) == (UNREADABLE, Way.RETRY)


def test_a_computer_that_is_refused_is_told_first_and_led_to_the_settings() -> None:
    troubles = Troubles()
    troubles.happened("accounts", REVOKED)
    troubles.happened("reading", UNREADABLE)
    assert troubles.said is not None
    assert (troubles.said.trouble, troubles.said.way) == (REFUSED, Way.SETUP)


def test_what_the_settings_put_right_leads_there() -> None:
    missing = trouble_of(MappingError("La colonne «\u00a0NOM\u00a0» a disparu.", "Corrigez le mapping."))
    troubles = Troubles()
    troubles.happened("reading", missing)
    troubles.happened("overview", NO_ANSWER)
    assert troubles.said is not None
    assert (troubles.said.way, troubles.said.trouble.section) == (Way.SETUP, "source")


def test_what_another_try_reads_is_tried_again() -> None:
    locked = SourceNotReady("Le fichier patients.csv est utilisé par un autre programme.", "Fermez-le.")
    troubles = Troubles()
    troubles.happened("reading", trouble_of(locked))
    assert troubles.said is not None
    assert (troubles.said.way, troubles.said.trouble.what) == (Way.RETRY, locked.what)


def test_what_a_person_stopped_or_dismissed_is_not_told() -> None:
    troubles = Troubles()
    troubles.happened("reading", Trouble("Arrêté.", cancelled=True))
    assert troubles.said is None
    troubles.happened("reading", UNREADABLE)
    troubles.dismissed()
    assert troubles.said is None
