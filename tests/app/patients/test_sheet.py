"""The access sheet: what is on paper opens that patient's portal, and what did not leave opens nothing."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import zxingcpp
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.board import Board
from app.desk.desk import Desk
from app.desk.issuer import CodesForgottenError
from app.patients.printer import NO_PRINTER
from app.patients.sheet import why_not_yet
from app.patients.sheet_dialog import SheetDialog
from app.patients.view import PatientsScreen
from cabinet.dossier import Dossier
from cli.demo_journey import CHOSEN_PASSWORD
from cli.visitor import Visitor
from portal.api.desk import Medium
from portal.api.errors import PortalUnreachable
from portal.pages import addresses
from tests.app.conftest import NOT_WARNINGS, WITHIN
from tests.app.practice import Practice

Opened = Callable[[Dossier], SheetDialog]


@pytest.fixture
def opened(screen: PatientsScreen, qtbot: QtBot) -> Iterator[Opened]:
    """`dialog = opened(dossier)`: the sheet of this patient, its preview ready."""
    dialogs: list[SheetDialog] = []

    def opens(dossier: Dossier) -> SheetDialog:
        screen.receive(dossier.number)
        qtbot.mouseClick(screen.card.sheet, Qt.MouseButton.LeftButton)
        dialog = screen._errands.dialog
        assert dialog is not None
        dialogs.append(dialog)
        qtbot.waitUntil(dialog.print.isEnabled, timeout=WITHIN)
        return dialog

    yield opens
    screen.closing()


def save(dialog: SheetDialog, path: Path, qtbot: QtBot) -> None:
    dialog.choose_file = lambda _, __: path
    with qtbot.waitSignal(dialog.finished, timeout=WITHIN):
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)


def link_on(path: Path, folder: Path) -> str:
    """What a phone reads on the first page."""
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    size = document.pagePointSize(0)
    picture = folder / "page.png"
    document.render(0, QSize(round(size.width() * 3), round(size.height() * 3))).save(str(picture))
    document.close()
    with Image.open(picture) as image:
        (code,) = zxingcpp.read_barcodes(image.convert("L"))
    return code.text


def is_alive(link: str) -> bool:
    """Whether the link leads to the question for the birth date."""
    answer = requests.get(link, timeout=30)
    return 'name="birth_date"' in answer.text


def test_a_sheet_saved_as_pdf_opens_the_portal_of_that_patient(
    opened: Opened, practice: Practice, newcomers: Iterator[Dossier], tmp_path: Path, qtbot: QtBot
) -> None:
    dossier = next(newcomers)
    path = tmp_path / "fiche.pdf"
    save(opened(dossier), path, qtbot)

    link = link_on(path, tmp_path)
    assert link.startswith(f"{practice.portal.address}/activer/")
    birth_date = dossier.patient.birth_date
    assert birth_date is not None
    with Visitor(practice.portal.address) as phone:
        phone.submit(urlsplit(link).path, then=addresses.WELCOME, birth_date=f"{birth_date:%d%m%Y}")
        home = phone.submit(
            addresses.WELCOME, then=addresses.APPOINTMENTS, new_password=CHOSEN_PASSWORD, email="lea@exemple.fr"
        )
    assert dossier.patient.first_name in home


def test_a_saved_sheet_is_told_and_announced(
    opened: Opened, newcomers: Iterator[Dossier], told: list[str], qtbot: QtBot, tmp_path: Path
) -> None:
    dossier = next(newcomers)
    dialog = opened(dossier)
    board = dialog._context.board
    save(dialog, tmp_path / "fiche.pdf", qtbot)
    name = f"{dossier.patient.last_name} {dossier.patient.first_name}"
    assert told == [f"La fiche d’accès de {name} est enregistrée dans fiche.pdf."]
    qtbot.waitUntil(lambda: informed(board, dossier) is Medium.CARD, timeout=WITHIN)


def informed(board: Board, dossier: Dossier) -> Medium | None:
    account = (board.accounts or {}).get(dossier.number)
    return account.informed.medium if account and account.informed else None


def test_the_preview_is_the_page_with_codes_that_open_nothing(
    opened: Opened, newcomers: Iterator[Dossier], board: Board, qtbot: QtBot, tmp_path: Path
) -> None:
    dossier = next(newcomers)
    dialog = opened(dossier)
    assert dialog.view.document().pageCount() == 1
    preview = Path(dialog._folder.name) / "apercu.pdf"
    link = link_on(preview, tmp_path)
    assert link.endswith("/activer/EXEMPLE")
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    assert not preview.exists()
    assert informed(board, dossier) is None


@pytest.mark.qt_log_ignore("QPainter::begin", *NOT_WARNINGS, extend=True)
def test_a_cancelled_or_failed_print_leaves_the_former_sheet_valid_and_a_new_one_replaces_it(
    opened: Opened, newcomers: Iterator[Dossier], tmp_path: Path, qtbot: QtBot
) -> None:
    dossier = next(newcomers)
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    save(opened(dossier), first, qtbot)
    former = link_on(first, tmp_path)
    assert is_alive(former)

    dialog = opened(dossier)
    dialog.choose_printer = lambda _: None
    qtbot.mouseClick(dialog.print, Qt.MouseButton.LeftButton)
    dialog.choose_file = lambda _, __: None
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert not dialog.is_busy
    dialog.choose_printer = lambda parent: pdf_printer(parent, tmp_path / "missing" / "paper.pdf")
    qtbot.mouseClick(dialog.print, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=WITHIN)
    assert dialog.notice.text == (
        "L’imprimante n’a pas imprimé la fiche (elle ne répond pas). Rien n’a changé\u00a0: l’ancienne fiche d’accès "
        "reste valable. Vérifiez l’imprimante, puis recommencez."
    )
    assert is_alive(former)

    save(dialog, second, qtbot)
    assert is_alive(link_on(second, tmp_path))
    assert not is_alive(former)


def pdf_printer(_: QWidget, path: Path) -> QPrinter:
    """A printer whose paper is a file."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(300)
    return printer


def test_what_comes_out_of_the_printer_opens_the_portal(
    opened: Opened, newcomers: Iterator[Dossier], tmp_path: Path, qtbot: QtBot, told: list[str]
) -> None:
    dialog = opened(next(newcomers))
    paper = tmp_path / "paper.pdf"
    dialog.choose_printer = lambda parent: pdf_printer(parent, paper)
    folder = Path(dialog._folder.name)
    with qtbot.waitSignal(dialog.finished, timeout=WITHIN):
        qtbot.mouseClick(dialog.print, Qt.MouseButton.LeftButton)
    assert is_alive(link_on(paper, tmp_path))
    assert told[-1].endswith("est imprimée.")
    assert not folder.exists(), "a sheet with real codes stays on the disk"


def test_a_sheet_cancelled_while_its_codes_are_made_opens_nothing(
    opened: Opened, newcomers: Iterator[Dossier], tmp_path: Path, qtbot: QtBot
) -> None:
    dossier = next(newcomers)
    first = tmp_path / "first.pdf"
    save(opened(dossier), first, qtbot)
    former = link_on(first, tmp_path)
    dialog = opened(dossier)
    dialog.choose_file = lambda _, __: tmp_path / "second.pdf"
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.finished, timeout=WITHIN):
        qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    assert not (tmp_path / "second.pdf").exists()
    assert is_alive(former)


def test_without_a_printer_a_sentence_says_what_to_do(
    opened: Opened, newcomers: Iterator[Dossier], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.patients.printer.QPrinterInfo.availablePrinterNames", list)
    dialog = opened(next(newcomers))
    qtbot.mouseClick(dialog.print, Qt.MouseButton.LeftButton)
    assert dialog.notice.text.startswith(NO_PRINTER)
    assert dialog.save.isEnabled()


def test_each_of_two_parents_gets_a_sheet_of_their_own(
    opened: Opened, visitor: Dossier, board: Board, tmp_path: Path, qtbot: QtBot
) -> None:
    dossier = next(
        one
        for one in reversed(board.dossiers.values())
        if len(one.addressees) == 2 and one.number != visitor.number and one.patient.birth_date
    )
    mother, father = tmp_path / "mother.pdf", tmp_path / "father.pdf"
    save(opened(dossier), mother, qtbot)
    dialog = opened(dossier)
    assert dialog.whom.count() == 2
    dialog.whom.setCurrentIndex(1)
    qtbot.waitUntil(dialog.print.isEnabled, timeout=WITHIN)
    save(dialog, father, qtbot)
    assert is_alive(link_on(mother, tmp_path))
    assert is_alive(link_on(father, tmp_path))


def test_the_file_is_named_after_the_patient(opened: Opened, newcomers: Iterator[Dossier], desk: Desk) -> None:
    dossier = next(newcomers)
    dialog = opened(dossier)
    assert dialog._sheet is not None
    assert dialog._sheet.file_name == f"fiche-acces-{dossier.number}.pdf"
    assert dialog._sheet.setting.today == dt.datetime.now().astimezone().date()


def test_a_sheet_whose_codes_were_forgotten_is_not_said_to_open_later() -> None:
    away = PortalUnreachable("Le portail ne répond pas.", "Réessayez.")
    sentences = [why_not_yet(error).replace("\u00a0", " ") for error in (away, CodesForgottenError())]

    assert sentences == [
        "La fiche est prête, mais le portail n’a pas répondu : ses codes ouvriront dès qu’il répondra.",
        (
            "Le portail a oublié ou remplacé ces codes entre-temps : cette fiche n’ouvrira rien. Jetez-la, puis "
            "préparez-en une autre."
        ),
    ]
