"""A cabinet's Word document as the letters of a model: chosen, listed, corrected, seen, and left again."""

from pathlib import Path

import docx
import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.desk.texts import TextFolder, WordEmailError
from app.mailing.letter.file import letter_toml
from app.mailing.library import SHIPPED, Library, Part, Stored
from app.mailing.model_page import ModelPage
from app.mailing.model_presenter import ModelPresenter
from app.mailing.previews import LetterPreview
from app.mailing.word.letter import choose, find
from app.settings import DeskSettings
from merge.letters.shipped import CHILD_LETTER, shipped_letter
from merge.word import libre_office
from merge.word.package import WordFileError
from merge.word.template import WordTemplateError
from tests.app.conftest import WITHIN
from tests.app.mailing.conftest import NOW
from tests.app.mailing.test_pages import open_part
from tests.merge.letters.conftest import need


def document(folder: Path, *lines: str) -> Path:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    path = folder / "notre lettre.docx"
    made.save(str(path))
    return path


def use(page: ModelPage, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a person does: the menu's entry, and the file."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    page.panel.word_action.trigger()
    qtbot.waitUntil(page.panel.word.isVisible, timeout=WITHIN)


def said(page: ModelPage) -> list[tuple[str, str]]:
    return [(row.token, row.words.replace("\u00a0", " ")) for row in page.panel.word.rows.rows]


def confirming(qapp: QApplication, words: str) -> None:
    look = QTimer(qapp)
    look.setInterval(10)

    def press() -> None:
        dialog = qapp.activeModalWidget()
        if dialog is None:
            return
        for button in dialog.findChildren(QPushButton):
            if button.text() == words:
                look.stop()
                look.deleteLater()
                button.click()

    look.timeout.connect(press)
    look.start()


def test_the_fields_of_a_document_are_listed_and_its_letter_is_seen(
    page: ModelPage, library: Library, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("soffice")
    page.loop.shown = None
    use(page, document(tmp_path, "@DCIVIL @DNOM", "Dossier @ORDRE"), qtbot, monkeypatch)
    assert [token for token, _ in said(page)] == ["@DCIVIL", "@DNOM", "@ORDRE"]
    assert page.panel.status.text() == "3\u00a0champs, tous reconnus"
    assert not page.panel.body.isVisible()
    assert page.origin.text() == "Document Word du cabinet"
    assert find(library.folder_of(SHIPPED)) is not None

    def seen() -> bool:
        return isinstance(page.loop.shown, LetterPreview) and page.loop.shown.pdf.startswith(b"%PDF")

    qtbot.waitUntil(seen, timeout=4 * WITHIN)


def test_an_unknown_field_is_told_and_keeps_from_going_on_until_the_document_is_corrected(
    page: ModelPage, library: Library, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(page, document(tmp_path, "Bonjour @DNOMM", "@PPREN"), qtbot, monkeypatch)
    name, words = said(page)[0]
    assert name == "@DNOMM"
    assert words == "Paragraphe 1 : vouliez-vous dire « @DNOM » ?"
    assert page.panel.status.text().startswith("Texte, paragraphe 1 («\u00a0Bonjour @DNOMM\u00a0»)")
    qtbot.waitUntil(lambda: "@DNOMM" in page.preview.words, timeout=WITHIN)
    page.next.click()
    qtbot.waitUntil(page.notice.isVisible, timeout=WITHIN)

    changed = document(tmp_path, "Bonjour @DNOM", "@PPREN")
    (library.folder_of(SHIPPED) / "lettre.docx").write_bytes(changed.read_bytes())
    page.panel.word.read_wanted.emit()
    qtbot.waitUntil(lambda: said(page)[0][0] == "@DNOM", timeout=WITHIN)
    with qtbot.waitSignal(page.next_wanted, timeout=WITHIN):
        page.next.click()


def test_with_neither_libreoffice_nor_word_the_preview_says_so(
    page: ModelPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(libre_office, "_USUAL", ())
    use(page, document(tmp_path, "@DNOM"), qtbot, monkeypatch)
    qtbot.waitUntil(lambda: "Ni LibreOffice ni Word n’est installé" in page.preview.words, timeout=WITHIN)


def test_other_texts_keep_their_editor_and_the_document_is_left_again(
    page: ModelPage, tmp_path: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    use(page, document(tmp_path, "@DNOM"), qtbot, monkeypatch)
    open_part(page, Part.SMS, qtbot)
    assert page.panel.body.isVisible()
    assert not page.panel.word.isVisible()
    open_part(page, Part.LETTER_ADULT, qtbot)
    qtbot.waitUntil(page.panel.word.isVisible, timeout=WITHIN)
    confirming(qapp, "Revenir à la lettre")
    page.panel.word.forget_wanted.emit()
    qtbot.waitUntil(page.panel.body.isVisible, timeout=WITHIN)
    assert find(page._required.library.folder_of(SHIPPED)) is None
    assert page.panel.tools.isVisible()


def test_the_document_is_opened_in_word(
    page: ModelPage, library: Library, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    use(page, document(tmp_path, "@DNOM"), qtbot, monkeypatch)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page.panel.word.edit_wanted.emit()
    assert opened == [str(library.folder_of(SHIPPED) / "lettre.docx")]


def test_a_file_that_is_no_word_document_is_refused_and_the_letter_stays(
    page: ModelPage, library: Library, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "lettre.docx"
    other.write_text("Bonjour")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    page.panel.word_action.trigger()
    qtbot.waitUntil(page.notice.isVisible, timeout=WITHIN)
    assert page.panel.body.isVisible()
    assert find(library.folder_of(SHIPPED)) is None


def test_a_model_is_copied_and_deleted_with_its_document(library: Library, tmp_path: Path) -> None:
    path = document(tmp_path, "@DNOM")
    choose(library.folder_of(SHIPPED), path)
    library.create("Rentrée", SHIPPED)
    own = library.folder_of("Rentrée")
    assert (own / "lettre.docx").read_bytes() == path.read_bytes()
    library.delete("Rentrée")
    assert not own.exists()


def test_a_document_that_was_spoilt_on_disk_is_told(library: Library, tmp_path: Path) -> None:
    folder = library.folder_of(SHIPPED)
    choose(folder, document(tmp_path, "@DNOM"))
    (folder / "lettre.docx").write_text("plus rien")
    word = find(folder)
    assert word is not None
    assert word.is_wrong
    assert "n’est pas un document Word" in word.sentence
    presenter = ModelPresenter(library, confirmed=True, now=lambda: NOW)
    presenter.opened(SHIPPED, Part.LETTER_CHILD, Stored(library.shipped(SHIPPED, Part.LETTER_CHILD)), word)
    with pytest.raises(WordFileError):
        presenter.save_all()
    choose(folder, document(tmp_path, "@NIMPORTE"))
    with pytest.raises(WordTemplateError):
        presenter.save_all()
    presenter.save_all((Part.SMS,))


def test_a_word_document_cannot_be_an_e_mail_and_says_so_before_anything_is_sent(
    page: ModelPage, library: Library, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.save(SHIPPED, Part.EMAIL_CHILD, "Le dossier est en ligne\n\n@LETTRE\n")
    use(page, document(tmp_path, "Bonjour @DPREN"), qtbot, monkeypatch)
    open_part(page, Part.EMAIL_ADULT, qtbot)
    offered = page.panel.form.part("letter")
    assert not offered.isEnabled()
    assert "document Word" in offered.toolTip()
    open_part(page, Part.EMAIL_CHILD, qtbot)
    qtbot.waitUntil(lambda: "qui ne part que sur papier" in page.preview.words, timeout=WITHIN)
    with pytest.raises(WordEmailError):
        TextFolder(library.folder, confirmed=True).texts(DeskSettings())
    page.next.click()
    qtbot.waitUntil(page.notice.isVisible, timeout=WITHIN)
    assert page.notice.text.startswith("L’e-mail de ce modèle est sa lettre, et sa lettre est un document Word")


def test_the_logo_of_a_document_is_the_one_of_the_model_s_letter(library: Library, tmp_path: Path) -> None:
    folder = library.folder_of(SHIPPED)
    made = docx.Document()
    logo = tmp_path / "logo du cabinet.png"
    Image.new("RGB", (30, 10), "red").save(logo)
    made.add_picture(str(logo))
    made.element.body.find(".//{*}docPr").set("descr", "@LOGO")
    made.save(str(tmp_path / "lettre.docx"))

    without = choose(folder, tmp_path / "lettre.docx")
    assert [(row.token, row.is_wrong) for row in without.rows] == [("@LOGO", True)]
    letter = shipped_letter(CHILD_LETTER, with_code=True)
    own = replace(letter, letterhead=replace(letter.letterhead, picture=logo.name))
    (folder / f"{CHILD_LETTER}.toml").write_bytes(letter_toml(own))
    (folder / logo.name).write_bytes(logo.read_bytes())
    found = find(folder)
    assert found is not None
    assert not found.is_wrong
    (folder / logo.name).unlink()
    lost = find(folder)
    assert lost is not None
    assert lost.sentence == "L’image «\u00a0logo du cabinet.png\u00a0» de la lettre ne se trouve pas à côté du modèle."
