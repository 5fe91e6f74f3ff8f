"""The cabinet's own texts take the place of the shipped ones."""

from pathlib import Path

import pytest

from app.desk.texts import TextError, TextFolder
from app.settings import DeskSettings
from merge.fields import BY_NAME
from merge.letters.shipped import SHIPPED_BY_TITLE, shipped_letters
from merge.recipients import ChannelKind
from merge.texts import Audience, EmailText, shipped_email, shipped_sms


def test_an_empty_folder_has_the_shipped_texts(tmp_path: Path) -> None:
    folder = TextFolder(tmp_path / "modeles", confirmed=True)

    assert folder.letters(DeskSettings()) == shipped_letters()
    assert folder.email(Audience.ADULT) == shipped_email(Audience.ADULT, confirmed=True)
    assert folder.sms() == shipped_sms()


def test_the_texts_of_the_folder_take_the_place_of_the_shipped_ones_while_they_are_there(tmp_path: Path) -> None:
    folder, own = TextFolder(tmp_path, confirmed=True), tmp_path / "e-mail-child.txt"
    own.write_text("Bonjour @DNOM\n\nVoici @LIEN\n\nÀ bientôt\n", encoding="utf-8")
    (tmp_path / "sms.txt").write_text("Code @ORDRE\n", encoding="utf-8")

    for confirmed in (True, False):
        told = TextFolder(tmp_path, confirmed=confirmed).email(Audience.CHILD)
        assert told == EmailText("Bonjour @DNOM", "Voici @LIEN\n\nÀ bientôt")
    assert folder.sms() == "Code @ORDRE"
    assert BY_NAME["LIEN"] in folder.texts(DeskSettings()).fields(ChannelKind.EMAIL)
    own.unlink()
    assert folder.email(Audience.CHILD) == shipped_email(Audience.CHILD, confirmed=True)


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("model", SHIPPED_BY_TITLE)
def test_texts_without_links_speak_of_none(tmp_path: Path, model: str, audience: Audience, confirmed: bool) -> None:
    folder = TextFolder(tmp_path / model, confirmed=confirmed, with_links=False)
    text = folder.email(audience)

    assert "@LIEN" not in text.body
    assert "ouvrez ce lien" not in text.body
    assert "lien personnel" not in text.body
    for told in ("@SITE", "@CABINET", "@ORDRE", "@MDP", "minuscules", "@SIGNATURE"):
        assert told in text.body
    for letter in (folder.letters(DeskSettings()).child, folder.letters(DeskSettings()).adult):
        assert "scan" not in repr(letter)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "sms.txt").write_bytes("é".encode("cp1252"))

    with pytest.raises(TextError, match="n’est pas écrit en UTF-8"):
        TextFolder(tmp_path, confirmed=True).sms()
