"""The letter's editor under a person's hands: lists, manners, tables, pictures, and the page around the words."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.mailing.letter.document import LetterDocument
from app.mailing.letter.file import letter_toml
from app.mailing.letter.object_dialogs import CodeDialog, PictureDialog, SignatureDialog
from app.mailing.letter.page_dialog import PageDialog
from app.mailing.letter.rows import Row, rows_of, texts_of, with_rows
from app.mailing.letter.table_dialog import TableDialog
from app.mailing.library import SHIPPED, Library, Part
from app.mailing.model_page import ModelPage
from app.mailing.model_presenter import BrokenTextError, check_text
from merge.letters.geometry import Window
from merge.letters.letter_file import read_letter
from merge.letters.model import (
    Block,
    Cell,
    Column,
    EachChild,
    Letterhead,
    LetterTemplate,
    PageSetup,
    Paragraph,
    Picture,
    QrCode,
    Run,
    Signature,
    Table,
    WithCode,
)
from merge.letters.model import Row as TableRow
from merge.letters.shipped import shipped_letter
from tests.app.conftest import WITHIN

TABLE = Table(
    (Column(40), Column(60, "%", "right")),
    (
        TableRow((Cell((Run("Enfant"),)), Cell((Run("Identifiant"),), align="centre"))),
        TableRow((Cell((Run("@PPREN", bold=True),)), Cell((Run("@ORDRE", code=True),))), each_child=True),
    ),
    rules="grid",
)
EVERYTHING = LetterTemplate(
    title="Lettre d’essai",
    letterhead=Letterhead("@TITRE", (("@ADRESSE",), ("Tél. @TELEPHONE", "Fax @FAX"))),
    place_and_date="le @DATE",
    references=(Paragraph((Run("Dossier n° ", soft=True), Run("@ORDRE", bold=True)), size=10.0),),
    blocks=(
        Paragraph(
            (Run("Bonjour", italic=True), Run(" @PPREN", underline=True, colour="#B45A10", size=13.0)), align="centre"
        ),
        Paragraph((Run("d’abord"),), item="number", start=3),
        Paragraph((Run("dedans"),), item="bullet", level=1),
        Paragraph((Run("puis"),), item="number"),
        Paragraph((Run("sans point"),), align="right"),
        Paragraph((Run("seul"),), item="bullet"),
        EachChild((WithCode((Paragraph((Run("Pour @PPREN"),)),)), TABLE, QrCode("site", 25.0, "right"))),
        Picture("plan.png", 80.0, "Le plan", "centre"),
        Signature(picture="signature.png", width=40.0),
    ),
)


def place(page: ModelPage, letter: LetterTemplate) -> None:
    """Open this letter as if it had been saved."""
    page._required.library.save(SHIPPED, Part.LETTER_CHILD, letter_toml(letter).decode())
    page._open(SHIPPED, Part.LETTER_CHILD)


def blocks(page: ModelPage) -> list[Block]:
    return [row.block for _, row in page.panel.letter_rows]


def paragraph(page: ModelPage, number: int) -> Paragraph:
    block = blocks(page)[number]
    assert isinstance(block, Paragraph)
    return block


def go_to(page: ModelPage, number: int, *, select: int = 0) -> None:
    """The cursor into a paragraph, with its first characters selected."""
    cursor = QTextCursor(page.panel.body.document().findBlockByNumber(number))
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, select)
    page.panel.body.setTextCursor(cursor)


def answering(qapp: QApplication, kind: type[QDialog], answer: Callable[[QDialog], None]) -> None:
    """What a person does with the next dialog of this kind."""
    look = QTimer(qapp)
    look.setInterval(10)

    def act() -> None:
        dialog = qapp.activeModalWidget()
        if isinstance(dialog, kind):
            look.stop()
            look.deleteLater()
            answer(dialog)

    look.timeout.connect(act)
    look.start()


@pytest.fixture
def letter_page(page: ModelPage, qtbot: QtBot) -> ModelPage:
    letter = msgspec.structs.replace(
        shipped_letter("lettre-enfant"),
        blocks=tuple(Paragraph((Run(words),)) for words in ("Bonjour @PPREN,", "Voici", "deux mots", "À bientôt")),
    )
    place(page, letter)
    qtbot.waitUntil(lambda: len(blocks(page)) == len(letter.blocks), timeout=WITHIN)
    return page


def test_a_letter_with_all_that_a_letter_may_hold_is_shown_and_stays_the_same(qapp: QApplication) -> None:
    text = QTextDocument()
    document = LetterDocument(text)
    document.fill(tuple(enumerate(rows_of(EVERYTHING))))
    assert with_rows(EVERYTHING, [row for _, row in document.rows()]) == EVERYTHING
    assert read_letter(letter_toml(EVERYTHING)) == EVERYTHING


def test_every_text_of_a_letter_is_checked_wherever_it_stands() -> None:
    assert "@ORDRE" in list(texts_of(EVERYTHING)), "a cell's, inside what is printed for each child"
    cell = Cell((Run("@ORDDRE"),))
    wrong = msgspec.structs.replace(TABLE, rows=(TableRow((cell, cell)),))
    letter = msgspec.structs.replace(EVERYTHING, blocks=(EachChild((wrong,)),))
    with pytest.raises(BrokenTextError, match="@ORDDRE"):
        check_text(Part.LETTER_CHILD, letter_toml(letter).decode())


def test_words_take_one_manner_and_keep_their_others(letter_page: ModelPage, qtbot: QtBot) -> None:
    tools = letter_page.panel.tools
    go_to(letter_page, 1, select=3)
    qtbot.mouseClick(tools.italic, Qt.MouseButton.LeftButton)
    go_to(letter_page, 1, select=5)
    qtbot.mouseClick(tools.underline, Qt.MouseButton.LeftButton)
    assert paragraph(letter_page, 1).runs == (Run("Voi", italic=True, underline=True), Run("ci", underline=True))
    qtbot.keyClick(letter_page.panel.body, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert paragraph(letter_page, 1).runs == (Run("Voi", italic=True), Run("ci"))


def test_what_is_typed_next_takes_the_manner_that_was_pressed(letter_page: ModelPage, qtbot: QtBot) -> None:
    go_to(letter_page, 1)
    letter_page.panel.body.moveCursor(QTextCursor.MoveOperation.EndOfBlock)
    qtbot.keyClicks(letter_page.panel.body, " ")
    qtbot.mouseClick(letter_page.panel.tools.bold, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(letter_page.panel.body, "vite")
    assert paragraph(letter_page, 1).runs == (Run("Voici "), Run("vite", bold=True))


def test_paragraphs_become_points_that_go_on_and_sink(letter_page: ModelPage, qtbot: QtBot) -> None:
    tools, body = letter_page.panel.tools, letter_page.panel.body
    go_to(letter_page, 1)
    qtbot.mouseClick(tools.items["number"], Qt.MouseButton.LeftButton)
    body.moveCursor(QTextCursor.MoveOperation.EndOfBlock)
    qtbot.keyClick(body, Qt.Key.Key_Return)
    qtbot.keyClicks(body, "encore")
    assert [paragraph(letter_page, one).item for one in range(4)] == ["", "number", "number", ""]
    tools.deeper.trigger()
    assert (paragraph(letter_page, 2).item, paragraph(letter_page, 2).level) == ("number", 1)
    tools.outer.trigger()
    qtbot.mouseClick(tools.items["number"], Qt.MouseButton.LeftButton)
    assert (paragraph(letter_page, 2).item, paragraph(letter_page, 2).level) == ("", 0)


def test_paragraphs_are_aligned_and_repeated_for_each_child(letter_page: ModelPage, qtbot: QtBot) -> None:
    go_to(letter_page, 1)
    qtbot.mouseClick(letter_page.panel.tools.aligned["centre"], Qt.MouseButton.LeftButton)
    letter_page.panel.tools.each_child.trigger()
    row = letter_page.panel.letter_rows[1][1]
    assert row == Row(Paragraph((Run("Voici"),), align="centre"), each_child=True)
    (inner,) = [block for block in letter_page._required.letter.blocks if isinstance(block, EachChild)]
    assert inner.blocks == (row.block,)


def test_a_table_is_made_changed_and_undone(letter_page: ModelPage, qtbot: QtBot, qapp: QApplication) -> None:
    def fill_in(dialog: QDialog) -> None:
        assert isinstance(dialog, TableDialog)
        dialog.action.click()
        qtbot.mouseClick(dialog.add_column, Qt.MouseButton.LeftButton)
        for column, words in enumerate(("Rendez-vous", "Jour", "Heure")):
            dialog.entries[0][column].fill("")
            qtbot.keyClicks(dialog.entries[0][column], words)
        dialog.action.click()

    go_to(letter_page, 1)
    answering(qapp, TableDialog, fill_in)
    letter_page.panel.tools.insert_wanted.emit("table")
    table = blocks(letter_page)[2]
    assert isinstance(table, Table)
    assert [cell.runs for cell in table.rows[0].cells] == [(Run("Rendez-vous"),), (Run("Jour"),), (Run("Heure"),)]
    assert sum(column.width for column in table.columns) == pytest.approx(100, abs=0.2)

    def make_wrong_then_right(dialog: QDialog) -> None:
        assert isinstance(dialog, TableDialog)
        qtbot.keyClicks(dialog.entries[1][0], "@RDVDATTE")
        dialog.action.click()
        assert dialog.isVisible(), "a field that the merge refuses is not placed"
        dialog.entries[1][0].fill("@RDVDATE")
        dialog.action.click()

    go_to(letter_page, 2)
    answering(qapp, TableDialog, make_wrong_then_right)
    letter_page.panel.tools.edit.trigger()
    changed = blocks(letter_page)[2]
    assert isinstance(changed, Table)
    assert changed.rows[1].cells[0].runs == (Run("@RDVDATE"),)
    letter_page.panel.body.undo()
    assert blocks(letter_page)[2] == table


def test_a_picture_is_brought_to_the_model_and_shown_on_the_page(
    letter_page: ModelPage, qtbot: QtBot, qapp: QApplication, library: Library, tmp_path: Path
) -> None:
    own = tmp_path / "Plan d’accès.jpg"
    Image.new("RGB", (600, 300), "#0B5563").save(own)
    broken = tmp_path / "faux.png"
    broken.write_bytes(b"\x89PNG nothing")

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, PictureDialog)
        dialog.action.click()
        assert dialog.isVisible(), "without a picture there is nothing to place"
        dialog.picture.take(broken)
        qtbot.waitUntil(dialog.picture.choose.isEnabled, timeout=WITHIN)
        assert dialog.picture.name == ""
        dialog.picture.take(own)
        qtbot.waitUntil(lambda: bool(dialog.picture.name), timeout=WITHIN)
        dialog.width_mm.setValue(70)
        dialog.action.click()

    go_to(letter_page, 1)
    answering(qapp, PictureDialog, choose)
    letter_page.panel.tools.insert_wanted.emit("picture")
    picture = blocks(letter_page)[2]
    assert picture == Picture("Plan-d’accès.png", 70.0, align="centre")
    assert (library.folder_of(SHIPPED) / "Plan-d’accès.png").is_file()
    qtbot.waitUntil(lambda: b"/Subtype/Image" in letter_page.loop.letter.replace(b" ", b""), timeout=WITHIN)

    name = library.create("Rentrée", SHIPPED)
    assert (library.folder_of(name) / "Plan-d’accès.png").is_file() is False, "a draft's letter was not saved yet"
    library.save(SHIPPED, Part.LETTER_CHILD, letter_page._required.stored.content)
    copied = library.create("Rentrée 2", SHIPPED)
    assert (library.folder_of(copied) / "Plan-d’accès.png").is_file()
    library.delete(copied)
    assert not library.folder_of(copied).exists()


def test_the_same_picture_is_kept_once_and_another_of_its_name_apart(library: Library, tmp_path: Path) -> None:
    own = tmp_path / "logo.png"
    for colour, name in (("red", "logo.png"), ("red", "logo.png"), ("blue", "logo-2.png")):
        Image.new("RGB", (40, 40), colour).save(own)
        assert library.add_picture(SHIPPED, own) == name


def test_the_signature_and_a_code_are_opened_by_two_clicks(
    letter_page: ModelPage, qtbot: QtBot, qapp: QApplication
) -> None:
    def place_code(dialog: QDialog) -> None:
        assert isinstance(dialog, CodeDialog)
        dialog.leads_to.setCurrentIndex(1)
        dialog.action.click()

    go_to(letter_page, 1)
    answering(qapp, CodeDialog, place_code)
    letter_page.panel.tools.insert_wanted.emit("code")
    assert blocks(letter_page)[2] == QrCode("site")

    def enlarge(dialog: QDialog) -> None:
        assert isinstance(dialog, CodeDialog)
        dialog.size_mm.setValue(40)
        dialog.action.click()

    body = letter_page.panel.body
    go_to(letter_page, 2)
    answering(qapp, CodeDialog, enlarge)
    at = body.cursorRect().center() + QPoint(30, 0)
    qtbot.mouseDClick(body.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert blocks(letter_page)[2] == QrCode("site", 40.0)

    def sign(dialog: QDialog) -> None:
        assert isinstance(dialog, SignatureDialog)
        dialog.above.setValue(12)
        dialog.action.click()

    answering(qapp, SignatureDialog, sign)
    letter_page.panel.tools.insert_wanted.emit("signature")
    assert Signature(space_before=12.0) in blocks(letter_page)


def test_the_page_around_the_words_is_set_and_previewed(
    letter_page: ModelPage, qtbot: QtBot, qapp: QApplication
) -> None:
    before, words = letter_page.loop.letter, blocks(letter_page)

    def change(dialog: QDialog) -> None:
        assert isinstance(dialog, PageDialog)
        dialog.left.setValue(100)
        dialog.right.setValue(100)
        dialog.action.click()
        assert dialog.isVisible(), "margins that leave no room are refused"
        dialog.left.setValue(25)
        dialog.right.setValue(25)
        dialog.window_box.setCurrentIndex(dialog.window_box.findData(Window.C5_LEFT))
        dialog.references.fill("Dossier n° @ORDRE\nSuivi de @PPREN")
        dialog.facts.fill("@ADRESSE\nTél. @TELEPHONE · Fax @FAX")
        dialog.footer.fill("Merci.")
        dialog.action.click()

    answering(qapp, PageDialog, change)
    qtbot.mouseClick(letter_page.panel.page, Qt.MouseButton.LeftButton)
    letter = letter_page._required.letter
    assert (letter.page.window, letter.page.left, letter.page.right) == (Window.C5_LEFT, 25.0, 185.0)
    assert letter.references[0] == shipped_letter("lettre-enfant").references[0], "unchanged words keep their manners"
    assert [run.text for run in letter.references[1].runs] == ["Suivi de @PPREN"]
    assert letter.letterhead.lines == (("@ADRESSE",), ("Tél. @TELEPHONE", "Fax @FAX"))
    assert (letter.footer, blocks(letter_page)) == ("Merci.", words)
    qtbot.waitUntil(lambda: letter_page.loop.letter not in (b"", before), timeout=WITHIN)


def test_a_letter_that_nobody_touched_leaves_the_page_dialog_as_it_was(letter_page: ModelPage) -> None:
    dialog = PageDialog(EVERYTHING, letter_page._pictures())
    dialog.action.click()
    assert dialog.made == EVERYTHING
    assert PageSetup() == dialog.made.page
    dialog.deleteLater()
