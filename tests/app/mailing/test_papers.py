"""What a person chooses under « Impression », and the files that come of it."""

from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.desk.issuer import LocalIssuer
from app.desk.printing import PaperFormat, Press
from app.mailing.paper_options import PaperOptions
from app.mailing.papers import Envelopes, Labels, Paper, PaperWork
from app.state import Printing, Remembered, recall, remember
from merge.letters.labels import LabelSheet
from merge.letters.output.binding import ONE_PDF, Binding, Form
from merge.letters.output.envelopes import EnvelopeSize
from merge.letters.output.order import Order
from merge.letters.shipped import shipped_letters
from merge.letters.whole_file import OutputError
from merge.preparing import Setting
from merge.recipients import ChannelKind, Recipient
from portal.pages.settings import FirstAccess
from sync.cancel import CancelToken
from tests.app.mailing.test_refused import DAY
from tests.merge.conftest import PARENT, make_dossier
from tests.merge.letters.conftest import CABINET


@pytest.fixture
def options(qtbot: QtBot) -> PaperOptions:
    widget = PaperOptions()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_one_pdf_sorted_by_postcode_is_proposed(options: PaperOptions, tmp_path: Path) -> None:
    assert options.paper is None, "while no file is named"
    options.propose(tmp_path / "Lettres.pdf")

    assert options.paper == Paper(tmp_path / "Lettres.pdf", PaperFormat.PDF, ONE_PDF, Order.POSTCODE)
    assert options.paper.is_printable


def test_what_is_chosen_is_what_is_written(options: PaperOptions, tmp_path: Path) -> None:
    options.propose(tmp_path / "Envoi du 12.01 M. Essai.pdf")
    options.order.setCurrentText("Nom du destinataire")
    options.binding.setCurrentText("Lots de 100 pages")
    options.envelopes.setCurrentText("C5, avec l’expéditeur")
    for box in (options.duplex, options.index, options.cards):
        box.setChecked(True)

    assert options.paper == Paper(
        tmp_path / "Envoi du 12.01 M. Essai",
        PaperFormat.PDF,
        Binding(Form.BATCHES, 100, duplex=True, index=True),
        Order.NAME,
        Envelopes(EnvelopeSize.C5, sender=True),
        with_cards=True,
    )
    assert options.paper.folder == options.paper.path
    assert options.paper.beside("enveloppes").name == "Envoi du 12.01 M. Essai - enveloppes.pdf"
    options.mail_house.setChecked(True)
    assert options.paper.path.name == "Envoi du 12.01 M. Essai.zip"
    assert options.paper.folder == tmp_path
    assert not options.paper.is_printable


def test_word_documents_are_divided_by_letters_and_have_no_pages(
    options: PaperOptions, tmp_path: Path, qtbot: QtBot
) -> None:
    options.propose(tmp_path / "Lettres.pdf")
    options.duplex.setChecked(True)
    qtbot.mouseClick(options.form.part("docx"), Qt.MouseButton.LeftButton)

    assert options.paper == Paper(tmp_path / "Lettres.docx", PaperFormat.DOCX)
    assert not options.duplex.isEnabled()
    options.binding.setCurrentText("Lots de 50 lettres")
    assert options.paper == Paper(tmp_path / "Lettres", PaperFormat.DOCX, Binding(Form.BATCHES, 50))
    qtbot.mouseClick(options.form.part("pdf"), Qt.MouseButton.LeftButton)
    assert options.binding.currentText() == "Lots de 50 pages"
    assert options.paper == Paper(tmp_path / "Lettres", binding=Binding(Form.BATCHES, 50, duplex=True))


def test_our_own_letters_may_be_word_documents_too(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "lots", PaperFormat.DOCX, Binding(Form.BATCHES, 2))
    papers = work(paper).write(people("1", "2", "3"), shipped_letters(with_code=False))

    assert papers.letters is not None
    assert papers.letters.papers == 3
    assert sorted(lot.name for lot in paper.path.iterdir()) == ["lot 01 sur 02.docx", "lot 02 sur 02.docx"]


def test_what_was_chosen_last_is_shown_again_and_one_press_goes_back_to_what_everybody_is_proposed(
    options: PaperOptions, tmp_path: Path, qtbot: QtBot
) -> None:
    options.propose(tmp_path / "Lettres.pdf")
    assert not options.usual.isVisible()
    usual = options.paper
    options.order.setCurrentText("N° du patient")
    options.binding.setCurrentText("Lots de 250 pages")
    options.envelopes.setCurrentText("DL, avec l’expéditeur")
    for box in (options.duplex, options.index, options.mail_house, options.cards):
        box.setChecked(True)
    remember(tmp_path, Remembered(screen="mailing", printing=options.printing))

    another = PaperOptions()
    qtbot.addWidget(another)
    another.show()
    another.show_printing(recall(tmp_path).printing)
    another.propose(tmp_path / "Lettres.pdf")
    assert another.paper == options.paper
    with qtbot.waitSignal(another.reset):
        qtbot.mouseClick(another.usual, Qt.MouseButton.LeftButton)
    assert another.paper == usual
    assert not another.usual.isVisible()


def test_what_is_not_offered_any_more_is_as_everybody_is_proposed(options: PaperOptions, tmp_path: Path) -> None:
    options.show_printing(Printing(form="parchemin", order="taille", files="batches", batch_pages=33, envelopes="b4"))
    options.propose(tmp_path / "Lettres.pdf")
    assert options.paper == Paper(tmp_path / "Lettres.pdf")


def work(paper: Paper) -> PaperWork:
    setting = Setting(CABINET, DAY)
    return PaperWork(Press(setting, LocalIssuer(FirstAccess())), paper, "c", lambda _, __: None, CancelToken())


def people(*numbers: str) -> tuple[Recipient, ...]:
    return tuple(Recipient(PARENT, (make_dossier(number),), ChannelKind.LETTER) for number in numbers)


def test_envelopes_are_those_of_the_letters_that_were_printed(tmp_path: Path) -> None:
    nowhere = Recipient(replace(PARENT, first_name="Anne", city=""), (make_dossier("1"),), ChannelKind.LETTER)
    unprintable = Recipient(PARENT, (make_dossier("3", "Zoé😀"),), ChannelKind.LETTER)
    paper = Paper(tmp_path / "l.pdf", envelopes=Envelopes(EnvelopeSize.DL))
    papers = work(paper).write((*people("1", "2"), nowhere, unprintable), shipped_letters(with_code=False))

    assert papers.letters is not None
    assert (papers.letters.papers, papers.troubles) == (2, ())
    assert {problem.number for problem in papers.refused} == {"1", "3"}
    with pikepdf.open(tmp_path / "l - enveloppes.pdf") as envelopes:
        assert len(envelopes.pages) == 2


def test_envelopes_that_cannot_be_written_are_told_and_the_letters_stand(tmp_path: Path) -> None:
    (tmp_path / "l - enveloppes.pdf" / "en travers").mkdir(parents=True)
    paper = Paper(tmp_path / "l.pdf", envelopes=Envelopes(EnvelopeSize.DL))
    papers = work(paper).write(people("1"), shipped_letters(with_code=False))

    assert (tmp_path / "l.pdf").exists()
    assert [type(trouble) for trouble in papers.troubles] == [OutputError]
    assert "l - enveloppes.pdf" in papers.troubles[0].what


def test_labels_are_those_of_the_letters_that_were_printed(tmp_path: Path) -> None:
    nowhere = Recipient(replace(PARENT, first_name="Anne", city=""), (make_dossier("1"),), ChannelKind.LETTER)
    paper = Paper(tmp_path / "l.pdf", envelopes=Labels(LabelSheet.L21))
    papers = work(paper).write((*people(*map(str, range(1, 23))), nowhere), shipped_letters(with_code=False))

    assert papers.letters is not None
    assert (papers.letters.papers, papers.troubles) == (22, ())
    with pikepdf.open(tmp_path / "l - étiquettes.pdf") as labels:
        assert len(labels.pages) == 2, "21 on the first sheet, one on the second"


def test_labels_go_on_where_a_sheet_was_left(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "l.pdf", envelopes=Labels(LabelSheet.L21, first=21))
    work(paper).write(people("1", "2"), shipped_letters(with_code=False))
    with pikepdf.open(tmp_path / "l - étiquettes.pdf") as labels:
        assert len(labels.pages) == 2, "the last of the first sheet, the first of the second"


def test_the_first_label_is_asked_where_there_are_labels_and_is_one_of_the_sheet(
    options: PaperOptions, tmp_path: Path, qtbot: QtBot
) -> None:
    options.propose(tmp_path / "Lettres.pdf")
    assert not options.first_label.isVisibleTo(options)
    options.envelopes.setCurrentText("Étiquettes, 24 de 70 × 37\u00a0mm")
    assert options.first_label.isVisibleTo(options)
    options.first_label.setValue(24)
    assert options.paper == Paper(tmp_path / "Lettres.pdf", envelopes=Labels(LabelSheet.L24, first=24))
    options.envelopes.setCurrentText("Étiquettes, 14 de 99,1 × 38,1\u00a0mm")
    assert options.paper == Paper(tmp_path / "Lettres.pdf", envelopes=Labels(LabelSheet.L14, first=14))
    another = PaperOptions()
    qtbot.addWidget(another)
    another.show_printing(options.printing)
    assert another.first_label.value() == 1, "another day, another sheet"


def test_labels_are_chosen_in_the_place_of_envelopes_and_remembered(
    options: PaperOptions, tmp_path: Path, qtbot: QtBot
) -> None:
    options.propose(tmp_path / "Lettres.pdf")
    options.envelopes.setCurrentText("Étiquettes, 14 de 99,1 × 38,1\u00a0mm")
    assert options.paper == Paper(tmp_path / "Lettres.pdf", envelopes=Labels(LabelSheet.L14))
    another = PaperOptions()
    qtbot.addWidget(another)
    another.show_printing(options.printing)
    another.propose(tmp_path / "Lettres.pdf")
    assert another.paper == options.paper


def test_nobody_on_paper_is_no_file(tmp_path: Path) -> None:
    by_mail = Recipient(PARENT, (make_dossier(),), ChannelKind.EMAIL, "jeanne@exemple.fr")
    papers = work(Paper(tmp_path / "l.pdf")).write((by_mail,), shipped_letters(with_code=False))

    assert papers.letters is None
    assert list(tmp_path.iterdir()) == []
