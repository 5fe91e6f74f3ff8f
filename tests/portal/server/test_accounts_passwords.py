"""Which passwords are refused, with which sentence, and how they are hashed."""

import datetime as dt
import threading

import pytest

from cabinet.dossier import Patient
from portal.server.accounts.passwords import BoundedHashing, Circumstances, OwaspArgon2Hasher, refusal, salt_for

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
    threads = [threading.Thread(target=hashing.hash, args=("quatre canards", "0123456789abcdef")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
