"""Senders: a try of each says whether it works, and passwords are in the secret store alone."""

from pathlib import Path

import msgspec
import pytest

from app.desk.senders import SenderMissingError, Senders, TrialRefusedError
from app.settings import DeskSettings, SmsKind, SmsSettings, SmtpSettings
from merge.channels.channel import ChannelUnavailableError
from merge.channels.smtp import Security
from merge.recipients import ChannelKind
from merge.record import CabinetFacts
from sync.secret_store import MemoryStore
from tests.app.desk.conftest import LetterBoxes

FACTS = CabinetFacts("dijon21", "Cabinet du Parc", "www.webortho.fr", "https://www.webortho.fr/c/dijon21")


def senders(settings: DeskSettings, folder: Path, store: MemoryStore | None = None) -> Senders:
    return Senders(settings, store or MemoryStore(), "dijon21", folder)


def test_a_try_arrives(boxes: LetterBoxes, tmp_path: Path) -> None:
    ready = senders(boxes.settings(), tmp_path)

    assert ready.try_email("moi@exemple.fr", FACTS) == "Remis au serveur d’envoi"
    assert ready.try_sms("06 39 98 12 34", FACTS) == "Remis à la passerelle"
    (mail,), (sms,) = boxes.mail.letters(), boxes.sms.messages()
    assert mail.name == "0001-moi@exemple.fr.eml"
    assert b"Cabinet du Parc" in mail.read_bytes()
    assert sms.name == "0001-+33639981234.txt"
    assert sms.read_text("utf-8").startswith("Essai de WebOrtho (dijon21)")


@pytest.mark.parametrize("address", ["", "moi", "moi@exemple"])
def test_a_try_to_nowhere_is_refused(boxes: LetterBoxes, tmp_path: Path, address: str) -> None:
    with pytest.raises(TrialRefusedError):
        senders(boxes.settings(), tmp_path).try_email(address, FACTS)
    with pytest.raises(TrialRefusedError, match="n’est pas un numéro de mobile"):
        senders(boxes.settings(), tmp_path).try_sms("03 53 01 21 21", FACTS)


def test_a_gateway_that_refuses_says_why(boxes: LetterBoxes, tmp_path: Path) -> None:
    settings = boxes.settings()
    sms = msgspec.structs.replace(settings.sms, parameters=(("text", "{text}"),), refused="ERROR")
    refusing = senders(msgspec.structs.replace(settings, sms=sms), tmp_path)

    with pytest.raises(TrialRefusedError, match="Réponse reçue : Refusé par la passerelle : ERROR"):
        refusing.try_sms("06 39 98 12 34", FACTS)


def test_what_is_not_set_up_is_told(tmp_path: Path) -> None:
    nothing = senders(DeskSettings(), tmp_path)

    assert [nothing.has(channel) for channel in ChannelKind] == [False, False, True]
    assert nothing.composer(FACTS) is None
    with pytest.raises(SenderMissingError, match="Aucun serveur d’envoi d’e-mails"):
        nothing.email()
    with pytest.raises(SenderMissingError, match="Aucune passerelle SMS"):
        nothing.sms()


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    smtp = SmtpSettings(host="127.0.0.1", port=1, security=Security.NONE, sender_address="c@exemple.fr")

    with pytest.raises(ChannelUnavailableError, match="ne peut pas être joint"):
        senders(DeskSettings(smtp=smtp), tmp_path).try_email("moi@exemple.fr", FACTS)


def test_sms_may_go_to_a_file(tmp_path: Path) -> None:
    to_file = senders(DeskSettings(sms=SmsSettings(kind=SmsKind.FILE, file="sms.csv")), tmp_path)
    to_file.try_sms("06 39 98 12 34", FACTS)

    assert "0033639981234" in (tmp_path / "sms.csv").read_text("utf-8-sig")


def test_passwords_are_kept_in_the_secret_store_and_forgotten(tmp_path: Path) -> None:
    store = MemoryStore()
    kept = senders(DeskSettings(), tmp_path, store)
    kept.keep_password(ChannelKind.EMAIL, "secret")

    assert kept.password(ChannelKind.EMAIL) == "secret"
    assert kept.password(ChannelKind.SMS) == ""
    assert store.get("dijon21/email") == "secret"
    kept.keep_password(ChannelKind.EMAIL, "")
    assert store.get("dijon21/email") is None
