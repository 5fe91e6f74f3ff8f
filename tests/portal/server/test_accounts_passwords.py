"""Which passwords are refused, with which sentence, and how they are hashed."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.http import HttpResponse

from cabinet.dossier import Patient
from portal.server.accounts.passwords import (
    HASHING,
    BoundedHashing,
    Circumstances,
    OwaspArgon2Hasher,
    TooBusy,
    refusal,
    salt_for,
)
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import OTHER_PASSWORD, PASSWORD, Browser, letters, path_in, path_of, sent, with_access

ZOE = Patient("5312", "Mademoiselle", "MARTINEAU", "Zoé-Élise", dt.date(2012, 4, 15))
HERE = Circumstances(ZOE, "Cabinet du Sourire", "sourire21", ("anne.martineau@exemple.fr",))

TOO_SHORT = "Ce mot de passe est trop court. Choisissez au moins 12 caractères, par exemple quatre mots."
TOO_LONG = "Ce mot de passe est trop long. Choisissez au plus 128 caractères."
COMMON = "Ce mot de passe est trop courant. Choisissez-en un autre, par exemple quatre mots sans rapport entre eux."
BIRTH_DATE = "Ce mot de passe contient la date de naissance du patient. Choisissez-en un qui ne parle pas de lui."
NUMBER = "Ce mot de passe contient votre identifiant. Choisissez-en un autre."
NAME = "Ce mot de passe contient le nom ou le prénom du patient. Choisissez-en un qui ne parle pas de lui."
CABINET = "Ce mot de passe contient le nom du cabinet. Choisissez-en un autre."
EMAIL = "Ce mot de passe contient votre adresse e-mail. Choisissez-en un autre."


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", TOO_SHORT),
        ("onze signes", TOO_SHORT),
        ("é" * 129, TOO_LONG),
        ("aaaaaaaaaaaaaa", COMMON),
        ("121212121212", COMMON),
        ("passwordpassword", COMMON),
        ("Motdepasse123!", COMMON),
        ("AZERTYUIOP12", COMMON),
        ("orthodontie2024", COMMON),
        ("nous le 15/04/2012", BIRTH_DATE),
        ("2012-04-15 bis", BIRTH_DATE),
        ("15042012apo!", BIRTH_DATE),
        ("5312apo5312apo", NUMBER),
        ("53125312531253125312apo", NUMBER),
        ("vive Martineau !", NAME),
        ("ma petite zoeelise", NAME),
        ("bravo Élise bravo", NAME),
        ("Sourire21 2024", CABINET),
        ("anne.martineau@exemple.fr", NAME),
    ],
)
def test_a_password_that_could_be_guessed_is_refused_with_its_reason(password: str, sentence: str) -> None:
    assert refusal(password, HERE) == sentence


def test_the_e_mail_address_is_no_password() -> None:
    here = Circumstances(Patient("1"), "Cabinet", "c1", ("quelquun.dautre@exemple.fr",))
    assert refusal("quelquun.dautre@exemple.fr", here) == EMAIL
    assert refusal("Quelquun.Dautre", here) == EMAIL


@pytest.mark.parametrize(
    "password",
    [
        "quatre canards traversent",
        "é" * 7 + "aàbcdef",
        "x" * 64 + "yzabcdefgh" * 6,
        "correct horse 5312 battery",
        "🦷🪥🙂😀 brosse bleue",
    ],
)
def test_a_good_password_is_accepted(password: str) -> None:
    assert refusal(password, HERE) == ""


def test_a_patient_without_any_data_can_choose_a_password() -> None:
    assert refusal("quatre canards traversent", Circumstances(Patient("A-7"), "", "")) == ""


@pytest.mark.usefixtures("hashing_as_in_production")
def test_passwords_are_hashed_with_argon2id_and_the_parameters_of_owasp() -> None:
    stored = BoundedHashing(1).hash("quatre canards", "0123456789abcdef")
    assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert OwaspArgon2Hasher().verify("quatre canards", stored)


def test_the_same_accented_password_matches_from_any_keyboard() -> None:
    hashing, salt = BoundedHashing(1), "0123456789abcdef"
    stored = hashing.hash("é" * 12, salt)
    assert hashing.first_match("e\u0301" * 12, ["other", stored], salt) == 1
    assert hashing.first_match("e" * 12, [stored], salt) is None


def test_the_salt_is_the_dossiers_own_and_there_without_an_account() -> None:
    assert salt_for(1, "5312") == salt_for(1, "5312")
    assert len({salt_for(1, "5312"), salt_for(2, "5312"), salt_for(1, "5313"), salt_for(0, "")}) == 4


def test_no_more_passwords_are_hashed_at_once_than_allowed() -> None:
    hashing = BoundedHashing(1)
    running: list[int] = []
    most = 0

    class Slow(OwaspArgon2Hasher):
        def encode(self, password: str, salt: str) -> str:
            nonlocal most
            running.append(1)
            most = max(most, len(running))
            result: str = super().encode(password, salt)
            running.pop()
            return result

    hashing._hasher = Slow()
    threads = [threading.Thread(target=hashing.hash, args=("quatre canards", "0123456789abcdef")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


class Held(OwaspArgon2Hasher):
    """A hash that takes as long as the test wants."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def encode(self, password: str, salt: str) -> str:
        self.begun.set()
        assert self.go_on.wait(30)
        result: str = super().encode(password, salt)
        return result


@contextmanager
def one_at_work(hashing: BoundedHashing) -> Iterator[None]:
    hasher = Held()
    hashing._hasher = hasher
    thread = threading.Thread(target=hashing.hash, args=("quatre canards", "0123456789abcdef"))
    thread.start()
    assert hasher.begun.wait(30)
    try:
        yield
    finally:
        hasher.go_on.set()
        thread.join()


@pytest.mark.parametrize(("waiting", "patience"), [(0, 3600.0), (1, 0.01)])
def test_a_password_waits_neither_behind_too_many_nor_for_long(waiting: int, patience: float) -> None:
    hashing = BoundedHashing(1, waiting=waiting, patience=patience)
    with one_at_work(hashing):
        for _ in range(3):
            with pytest.raises(TooBusy, match=r"Le portail est très sollicité\. Réessayez dans un instant\."):
                hashing.hash("quatre canards", "0123456789abcdef")
    assert hashing.hash("quatre canards", "0123456789abcdef")


@pytest.mark.parametrize("form", ["sign_in", "change_password", "change_email", "reset", "welcome"])
def test_a_portal_too_busy_to_hash_says_so_and_counts_no_failure(
    published: Cabinet, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    browser = with_access()
    Browser().forgotten("5312")
    reset = path_in(letters()[0])
    visitor = Browser()
    visitor.post(path_of(sent(published, "0042")), {"birth_date": "15042012"})
    current = {"current_password": PASSWORD}
    tries: dict[str, Callable[[], HttpResponse]] = {
        "sign_in": lambda: Browser().sign_in("5312", PASSWORD),
        "change_password": lambda: browser.post("/dossier/mot-de-passe", current | {"new_password": OTHER_PASSWORD}),
        "change_email": lambda: browser.post("/dossier/e-mail", current | {"email": "neuf@exemple.fr"}),
        "reset": lambda: Browser().post(reset, {"new_password": OTHER_PASSWORD}),
        "welcome": lambda: visitor.choose(PASSWORD),
    }
    with monkeypatch.context() as patched:
        patched.setattr(HASHING, "_places", threading.Semaphore(0))
        answers = [tries[form]() for _ in range(12)]
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.headers["Retry-After"] for answer in answers} == {"5"}
    page = answers[0].content.decode()
    assert "Le portail est très sollicité." in page
    assert "Réessayez dans un instant." in page
    assert tries[form]().status_code == 303
