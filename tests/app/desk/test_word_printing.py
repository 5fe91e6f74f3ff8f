"""Word letters with the portal's codes: valid once the file is there, made only for a template that carries them."""

from pathlib import Path

import docx
import pytest
import requests

from app.desk.mailing import Mailing, look_over, new_campaign, print_letters, without_blocked
from app.desk.office import Office
from app.desk.printing import PaperFormat
from app.desk.texts import WORD_LETTER, TextFolder
from cabinet.dossier import Dossier
from merge.letters.whole_file import OutputError
from merge.outbox import State
from merge.preparing import Texts
from merge.recipients import ChannelKind, Choice, Recipient, select
from merge.word.output import WordOutput
from merge.word.template import load_template
from merge.word.writing import WordWriter
from tests.app.desk.test_printing import states
from tests.app.practice import Practice


@pytest.fixture
def dossiers(practice_with_senders: Practice) -> tuple[Dossier, ...]:
    return practice_with_senders.desk().read_source().dossiers


def recipients(office: Office, dossiers: tuple[Dossier, ...], *, grouped: bool = False) -> tuple[Recipient, ...]:
    choice = Choice(order=(ChannelKind.LETTER,), group_households=grouped)
    return select(dossiers, choice, office.setting.today).recipients


def writer(folder: Path, *lines: str) -> WordWriter:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    made.save(str(folder / "modele.docx"))
    return WordWriter(load_template(folder / "modele.docx"))


def lines_of(path: Path) -> list[str]:
    return [one.text for one in docx.Document(str(path)).paragraphs]


def opens(link: str) -> bool:
    return "Activer mon accès" in requests.get(link, timeout=30).text


def test_links_in_a_word_letter_open_once_it_is_written(
    office: Office, dossiers: tuple[Dossier, ...], tmp_path: Path
) -> None:
    path = tmp_path / "lettres.docx"
    some = recipients(office, dossiers)[:3]
    report = office.press.word(some, writer(tmp_path, "@ORDRE", "@LIEN"), path, WordOutput())
    assert (report.papers, report.verified, report.refused, report.told_error) == (3, 3, (), None)
    written = lines_of(path)
    assert written[0::2] == [number for one in some for number in one.numbers]
    assert all(map(opens, written[1::2]))
    assert states(office) == [State.SENT] * 3

    with pytest.raises(OutputError):
        office.press.word(some, writer(tmp_path, "@LIEN"), tmp_path / "absent" / "l.docx", WordOutput())
    assert opens(written[1]), "nothing was written, so the former letters live"


def test_one_letter_to_a_household_carries_each_childs_link(
    office: Office, dossiers: tuple[Dossier, ...], tmp_path: Path
) -> None:
    families = [one for one in recipients(office, dossiers, grouped=True) if len(one.dossiers) > 1][:2]
    path = tmp_path / "lettres.docx"
    model = writer(tmp_path, "@DNOM", "@ENFANTS", "@PPREN", "@LIEN", "@FINENFANTS")
    report = office.press.word(families, model, path, WordOutput())
    children = [child for one in families for child in one.dossiers]
    assert (report.papers, report.verified) == (2, len(children))
    links = [line for line in lines_of(path) if "://" in line]
    assert len(set(links)) == len(children)
    assert all(map(opens, links))
    assert states(office) == [State.SENT] * len(children)


def test_a_letter_without_codes_leaves_those_of_before_alone(
    office: Office, dossiers: tuple[Dossier, ...], tmp_path: Path
) -> None:
    some = recipients(office, dossiers)[:1]
    office.press.word(some, writer(tmp_path, "@LIEN"), tmp_path / "a.docx", WordOutput())
    (link,) = lines_of(tmp_path / "a.docx")
    report = office.press.word(some, writer(tmp_path, "Bonjour @PPREN"), tmp_path / "b.docx", WordOutput())
    assert (report.papers, report.verified) == (1, 0)
    assert opens(link)
    assert states(office) == [State.SENT]


def test_a_models_word_document_stands_in_for_its_letters_when_checked_and_printed(
    office: Office, dossiers: tuple[Dossier, ...], tmp_path: Path
) -> None:
    writer(tmp_path, "Le @RDVDATE, @PPREN", "@LIEN")
    (tmp_path / "modele.docx").rename(tmp_path / WORD_LETTER)
    paper = TextFolder(tmp_path, confirmed=True).paper(office.settings)
    choice = Choice(order=(ChannelKind.LETTER,))
    selection = select(dossiers, choice, office.setting.today)
    report = look_over(office, selection, Texts({}), paper)
    right = without_blocked(selection, report)
    assert 0 < len(right) < len(selection.recipients)
    assert [one.code for one in report.findings if one.code == "hole"] == ["hole"]
    printed = print_letters(
        office,
        Mailing(selection.recipients, Texts({}), new_campaign()),
        paper,
        tmp_path / "l.docx",
        form=PaperFormat.DOCX,
    )
    assert printed.papers == len(right)
    assert len([line for line in lines_of(tmp_path / "l.docx") if line.startswith("Le ")]) == len(right)
