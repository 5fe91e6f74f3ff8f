"""The Portail screen by keyboard and mouse on a real portal: publish, undo, meet another computer, go on offline."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desk.desk import Desk, Portal
from app.errors import Trouble
from app.portal_editor.draft_store import store_of, unpublished
from app.portal_editor.errands import KEPT
from app.portal_editor.rich_text_edit import RichTextEdit
from app.portal_editor.strip import NOT_A_PRACTITIONER
from app.portal_editor.view import PortalScreen
from app.widgets.pill import Kind
from app.widgets.scrolled import Scrolled
from cli.visitor import VisitFailed
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.desk_client import DeskClient
from portal.api.documents_client import DocumentsClient
from portal.api.nights_client import NightsClient
from portal.api.shapes import Role
from portal.api.transport import Patience
from portal.pages import addresses
from portal.pages.settings import FirstAccess, FirstAccessPolicy, ProtectionLevel
from sync.cancel import CancelToken
from tests.app.conftest import NOT_WARNINGS, WITHIN
from tests.app.portal_editor.conftest import Editor
from tests.app.practice import Practice

Open = Callable[..., Editor]
NOWHERE = "http://127.0.0.1:9"
"""Discard's port, where nobody listens: what a cut line is to the program."""
GREETING = "Bienvenue au cabinet"


@contextlib.contextmanager
def nobody_answers(_: Desk, cancel: CancelToken | None = None) -> Iterator[Portal]:
    """`Desk.portal` with the line cut, and without the patience that a person has."""
    once = Patience(attempts=1)
    with Connections() as connections:
        yield Portal(
            *(
                client(NOWHERE, "t", connections, patience=once)
                for client in (PortalClient, DeskClient, NightsClient, DocumentsClient)
            )
        )


def test_what_is_known_already_is_shown_once_and_once_more_when_the_portal_has_answered(
    open_editor: Open, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshed: list[PortalScreen] = []
    refresh = PortalScreen.refresh

    def counted(screen: PortalScreen) -> None:
        refreshed.append(screen)
        refresh(screen)

    monkeypatch.setattr(PortalScreen, "refresh", counted)
    screen = open_editor(practice).screen
    assert refreshed == [screen, screen]
    assert screen.presenter.is_ready
    assert screen.rows.isVisible()


def test_a_text_that_is_typed_and_published_is_read_by_patients(open_editor: Open, fresh: Practice) -> None:
    editor = open_editor(fresh)
    screen = editor.screen
    assert not screen.strip.publish.isEnabled()

    editor.type_into("greeting", GREETING)
    assert screen.strip.headline.text() == "1 modification non publiée"
    assert screen.strip.summary.text() == "Message d’accueil"
    assert screen.rows.rows["greeting"].header.counter.text == f"{len(GREETING)} / 400"
    assert editor.board.unpublished == 1
    assert GREETING not in editor.page_of_a_patient()

    editor.publish()
    published = screen.presenter.draft.version
    assert editor.told == [f"Publié\u00a0: les patients voient la version {published}."]
    assert editor.board.unpublished == 0
    assert f">{GREETING}<" in editor.page_of_a_patient()


def test_an_element_hidden_in_the_tree_is_gone_for_patients_and_undo_brings_it_back(
    open_editor: Open, fresh: Practice, qtbot: QtBot
) -> None:
    editor = open_editor(fresh)
    screen = editor.screen
    item = screen.tree.item("contact")
    screen.tree.view.setCurrentItem(item)
    qtbot.keyClick(screen.tree.view, Qt.Key.Key_Space)
    assert item.checkState(0) is Qt.CheckState.Unchecked

    qtbot.keyClick(screen, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert item.checkState(0) is Qt.CheckState.Checked
    qtbot.keyClick(screen, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert item.checkState(0) is Qt.CheckState.Unchecked

    editor.publish()
    with pytest.raises(VisitFailed):
        editor.page_of_a_patient(addresses.CONTACT)


def test_undo_in_a_text_is_the_screens_own(open_editor: Open, practice: Practice, qtbot: QtBot) -> None:
    editor = open_editor(practice)
    screen = editor.screen
    screen.tree.toggled.emit("dossier.photo")
    editor.type_into("fax", "Pas de fax")
    fax = screen.rows.rows["fax"].editor
    assert fax is not None

    qtbot.keyClick(fax, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert fax.toPlainText() == "03 53 01 21 22"
    assert screen.strip.summary.text() == "Photo du patient à masquer"
    screen.strip.undo.click()
    assert screen.presenter.changes == ()
    assert not screen.strip.undo.isEnabled()


def test_a_text_that_comes_to_its_place_has_the_height_of_its_lines_there(qtbot: QtBot) -> None:
    column = QWidget()
    QVBoxLayout(column).addWidget(text := RichTextEdit("Message d’accueil"))
    text.show_html("<p>Bonjour, toute l’équipe du cabinet vous souhaite la <strong>bienvenue</strong>.</p>" * 2)
    column.resize(260, 400)
    qtbot.addWidget(column)
    column.show()
    qtbot.waitUntil(lambda: text.height() > 4 * text.fontMetrics().height(), timeout=WITHIN)
    assert text.verticalScrollBar().maximum() == 0


def test_every_line_of_an_open_text_is_seen_and_so_are_the_other_texts(
    open_editor: Open, practice: Practice, qtbot: QtBot
) -> None:
    editor = open_editor(practice)
    screen = editor.screen
    screen.resize(1170, 740)
    screen.rows.open("greeting")
    greeting = screen.rows.rows["greeting"].editor
    assert greeting is not None
    [texts] = [area for area in screen.findChildren(Scrolled) if area.isAncestorOf(screen.rows)]

    def seen(lines: int) -> bool:
        is_whole = greeting.verticalScrollBar().maximum() == 0
        return is_whole and greeting.height() > lines * greeting.fontMetrics().height()

    qtbot.waitUntil(lambda: seen(2) and texts.verticalScrollBar().maximum() == 0, timeout=WITHIN)
    editor.type_into("greeting", "Bienvenue au cabinet, et bonne visite. " * 3)
    qtbot.waitUntil(lambda: seen(3), timeout=WITHIN)


def test_words_can_be_bold_coloured_linked_and_listed(
    open_editor: Open, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = open_editor(practice)
    editor.type_into("hours", "Lundi")
    hours = editor.screen.rows.rows["hours"].editor
    assert hours is not None
    hours.selectAll()
    hours.toggle_bold()
    hours.set_colour("couleur-vert")
    hours.toggle_list("ul")
    assert editor.screen.presenter.settings.zones.hours == (
        '<ul><li><strong><span class="couleur-vert">Lundi</span></strong></li></ul>'
    )
    hours.toggle_list("ul")
    hours.toggle_bold()
    hours.set_colour("")
    typed = iter([("exemple", True), ("www.exemple.fr/plan", True)])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: next(typed))
    editor.screen.rows.rows["hours"]._ask_link(hours)
    assert editor.screen.presenter.settings.zones.hours == (
        '<a href="https://www.exemple.fr/plan" rel="noopener">Lundi</a>'
    )
    assert hours.link == "https://www.exemple.fr/plan"
    hours.set_link("")
    assert editor.screen.presenter.settings.zones.hours == "Lundi"


def test_what_is_pasted_is_cleaned(open_editor: Open, practice: Practice) -> None:
    editor = open_editor(practice)
    editor.type_into("hours", "x")
    hours = editor.screen.rows.rows["hours"].editor
    assert hours is not None
    hours.selectAll()
    pasted = QMimeData()
    pasted.setHtml(
        '<style>p{color:red}</style><p class="MsoNormal" style="font-size:30pt">Lundi <b>9h</b></p>'
        '<div>Mardi</div><img src="https://exemple.fr/espion.png"><script>alert(1)</script>'
    )
    hours.insertFromMimeData(pasted)

    assert editor.screen.presenter.settings.zones.hours == "<p>Lundi <strong>9h</strong></p><p>Mardi</p>"


def test_a_text_can_go_back_to_what_is_published(open_editor: Open, practice: Practice) -> None:
    editor = open_editor(practice)
    editor.type_into("access", "Ailleurs")
    row = editor.screen.rows.rows["access"]
    assert row.header.is_changed
    assert row.revert.isVisible()

    row.revert.click()
    assert editor.screen.presenter.changes == ()
    assert row.editor is not None
    assert row.editor.toPlainText().startswith("Le cabinet se trouve")
    assert not row.revert.isVisible()


def test_the_detail_shows_before_and_after_and_takes_one_back(open_editor: Open, practice: Practice) -> None:
    editor = open_editor(practice)
    editor.type_into("title", "Autre titre")
    editor.screen.tree.toggled.emit("appointments.missed")

    detail = editor.screen.show_detail()
    assert list(detail.rows) == ["zones.title", "hidden.appointments.missed"]
    detail.rows["zones.title"].revert.click()
    assert editor.screen.strip.summary.text() == "Rendez-vous manqués à masquer"
    detail.rows["hidden.appointments.missed"].revert.click()
    assert not detail.isVisible()
    assert editor.screen.tree.item("appointments.missed").checkState(0) is Qt.CheckState.Checked


def test_what_another_computer_published_is_taken_over_and_a_conflict_is_decided(
    open_editor: Open, fresh: Practice
) -> None:
    editor = open_editor(fresh)
    editor.type_into("greeting", "Le mien")
    editor.type_into("title", "Mon titre")
    editor.other_computer_publishes(greeting="Le sien", fax="Son fax")

    editor.publish()
    screen = editor.screen
    assert screen.notice.isVisible()
    assert screen.notice.text.startswith("Un autre poste a publié entre-temps, et modifié les mêmes éléments que vous.")
    assert "Le mien" not in editor.page_of_a_patient()
    assert [change.item for change in screen.presenter.changes] == ["zones.title", "zones.greeting"]

    detail = screen.show_detail()
    row = detail.rows["zones.greeting"]
    assert row.mine.isVisible()
    screen.strip.publish.click()  # not before it is decided
    assert screen.presenter.draft.undecided == ("zones.greeting",)
    row.mine.click()
    detail.accept()
    editor.publish()
    page = editor.page_of_a_patient()
    assert "Le mien" in page
    assert "Mon titre" in page
    assert "Son fax" in page


def test_the_other_computers_text_can_be_taken(open_editor: Open, fresh: Practice) -> None:
    editor = open_editor(fresh)
    editor.type_into("greeting", "Le mien")
    editor.other_computer_publishes(greeting="Le sien")
    editor.board.refresh_settings()
    editor.quiet()

    detail = editor.screen.show_detail()
    detail.rows["zones.greeting"].theirs.click()
    assert editor.screen.presenter.changes == ()
    assert editor.screen.presenter.settings.zones.greeting == "Le sien"


def test_offline_nothing_is_published_and_the_draft_stays(
    open_editor: Open, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = open_editor(practice)
    editor.type_into("greeting", "Hors ligne")
    monkeypatch.setattr(Desk, "portal", nobody_answers)
    editor.publish()

    notice = editor.screen.notice
    assert notice.kind is Kind.ALERT
    assert "injoignable" in notice.text
    assert notice.text.endswith(KEPT)
    assert notice.button.text() == "Réessayer"
    kept = store_of(editor.desk).load()
    assert kept is not None
    assert kept.settings.zones.greeting == "Hors ligne"

    monkeypatch.undo()
    again = open_editor(practice)
    assert again.screen.strip.summary.text() == "Message d’accueil"


def test_a_computer_that_never_reached_the_portal_says_so_and_tries_again(
    open_editor: Open, practice: Practice
) -> None:
    editor = open_editor(practice)
    screen = editor.screen
    screen.presenter._draft = None
    screen.refresh()
    screen.errands._on_trouble("settings", Trouble("Le portail ne répond pas.", "Réessayez.", offline=True))
    assert screen.empty.isVisible()
    assert not screen.strip.publish.isEnabled()

    editor.board.published = None
    screen.empty.button.click()
    editor.quiet()
    assert screen.rows.isVisible()


def test_the_reception_writes_but_does_not_publish(open_editor: Open, fresh: Practice) -> None:
    export = fresh.desk().source
    fresh.enrol(Role.RECEPTION)
    (fresh.folder / "export").symlink_to(export)
    editor = open_editor(fresh)
    editor.type_into("greeting", "Au bureau")

    assert not editor.screen.strip.publish.isEnabled()
    assert editor.screen.strip.publish.toolTip() == NOT_A_PRACTITIONER
    assert editor.screen.notice.text == NOT_A_PRACTITIONER
    assert editor.screen.notice.isVisible()


def test_a_document_that_cannot_be_published_says_why_and_leads_there(open_editor: Open, practice: Practice) -> None:
    editor = open_editor(practice)
    screen = editor.screen
    screen._bar.setCurrentIndex(1)
    screen.form.email.selectAll()
    editor.qtbot.keyClicks(screen.form.email, "cabinet@")
    screen._bar.setCurrentIndex(0)
    screen.strip.publish.click()

    sentence = "L’adresse e-mail de contact «\u00a0cabinet@\u00a0» est incomplète. Exemple\u00a0: cabinet@exemple.fr"
    assert screen.notice.text == f"Rien n’est publié. {sentence}"
    assert screen._bar.currentIndex() == 1
    assert screen.form.email.property("wrong")
    editor.quiet()


def test_the_risk_is_shown_before_dossiers_open_at_once(
    open_editor: Open, practice: Practice, answering: Callable[[bool], list[str]]
) -> None:
    editor = open_editor(practice)
    form = editor.screen.form

    def first() -> FirstAccess:
        return editor.screen.presenter.settings.first_access

    form.levels[ProtectionLevel.CONFIRMED].click()
    assert first().level is ProtectionLevel.CONFIRMED

    titles = answering(False)
    form.levels[ProtectionLevel.PROCEDURE].click()
    assert titles == ["Ouvrir les dossiers dès le premier code\u00a0?"]
    assert first().level is ProtectionLevel.CONFIRMED
    assert form.levels[ProtectionLevel.CONFIRMED].isChecked()
    assert "La CNIL en demande 50" in form.risk.text()

    answering(True)
    form.levels[ProtectionLevel.PROCEDURE].click()
    assert first().level is ProtectionLevel.PROCEDURE
    # Another secret is another risk: it has to be accepted anew.
    form.policy.setCurrentIndex(form.policy.findData(FirstAccessPolicy.PATTERN))
    assert first().policy is FirstAccessPolicy.PATTERN
    assert first().level is ProtectionLevel.CONFIRMED
    assert form.pattern_field.isVisibleTo(form)


def test_codes_of_the_dossiers_can_be_given_names(open_editor: Open, fresh: Practice) -> None:
    editor = open_editor(fresh)
    entry = editor.screen.form.names["kind_names.RVC"]
    entry.selectAll()
    editor.qtbot.keyClicks(entry, "Visite amicale")
    assert editor.screen.strip.summary.text() == "Nature «\u00a0RVC\u00a0»"
    entry.clear()
    entry.textEdited.emit("")
    assert "kind_names.RVC" in editor.screen.form.names
    assert "RVC" not in editor.screen.presenter.settings.kind_names


def test_a_map_from_disk_is_shown_to_patients_after_publishing(
    open_editor: Open, fresh: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (2400, 1800), "green").save(tmp_path / "plan.png")
    editor = open_editor(fresh)
    screen = editor.screen
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "plan.png"), ""))
    screen.form._pictures["access_image_digest"].choose.click()
    editor.quiet()
    said = screen.form._pictures["access_image_digest"]._said.text()
    assert said.startswith("plan.png\u00a0: 2400\u00a0×\u00a01800\u00a0px")
    assert screen.panel.preview is None
    digest = screen.presenter.settings.access_image_digest

    editor.publish()
    assert f"/image/{digest}" in editor.page_of_a_patient(addresses.CONTACT)

    # Another computer of the cabinet fetches the picture from the portal.
    for path in fresh.state_dir.rglob(f"images/{digest}"):
        path.unlink()
    other = open_editor(fresh)
    assert other.screen.errands.surroundings().access_image.startswith("data:image/jpeg;base64,")


def test_a_file_that_is_no_picture_changes_nothing(open_editor: Open, practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"%PDF")
    editor = open_editor(practice)
    editor.screen.form.picture_chosen.emit("logo_digest", str(tmp_path / "plan.pdf"))
    editor.quiet()
    assert editor.screen.notice.text == (
        "Cette image n’est pas reconnue, ou elle est abîmée. Choisissez une image JPEG ou PNG."
    )
    assert editor.screen.presenter.changes == ()


def test_an_earlier_version_can_be_looked_at_and_taken_back(open_editor: Open, fresh: Practice) -> None:
    editor = open_editor(fresh)
    former = editor.screen.presenter.settings.zones.greeting
    editor.type_into("greeting", GREETING)
    editor.publish()
    screen = editor.screen
    screen.strip.versions.click()
    editor.quiet()
    assert screen.versions.list.count() == screen.presenter.draft.version
    assert screen.versions.list.item(0).text().endswith("(en ligne)")
    screen.versions.list.setCurrentRow(1)
    editor.quiet()
    assert screen.looked_at is not None
    assert screen.looked_at.zones.greeting == former
    assert screen.presenter.changes == ()

    screen.versions.take.click()
    assert [change.item for change in screen.presenter.changes] == ["zones.greeting"]
    assert screen.rows.isVisible()
    editor.publish()
    assert former in editor.page_of_a_patient()


def test_the_draft_is_kept_a_moment_after_typing_and_the_badge_follows(
    open_editor: Open, practice: Practice, qtbot: QtBot
) -> None:
    editor = open_editor(practice)
    editor.type_into("greeting", "Pas encore en ligne")

    def kept() -> bool:
        draft = store_of(editor.desk).load()
        return draft is not None and draft.settings.zones.greeting == "Pas encore en ligne"

    qtbot.waitUntil(kept, timeout=WITHIN)
    assert editor.board.published is not None
    assert unpublished(editor.desk, editor.board.published) == 1


def test_without_webengine_the_page_opens_in_the_browser(
    open_editor: Open, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda url: opened.append(url) or True)
    editor = open_editor(practice)
    panel = editor.screen.panel
    editor.qtbot.waitUntil(panel.elsewhere.isVisible, timeout=WITHIN)
    panel.elsewhere.button.click()

    (url,) = opened
    page = Path(url.toLocalFile())
    assert "TEST" in page.read_text(encoding="utf-8")
    assert page.parent.stat().st_mode & 0o077 == 0
    editor.screen.closing()
    assert not page.exists()


@pytest.mark.qt_log_ignore(*NOT_WARNINGS, "This plugin does not support grabbing the keyboard", extend=True)
def test_the_patient_who_is_asked_for_is_shown(open_editor: Open, practice: Practice) -> None:
    editor = open_editor(practice)
    picker = editor.screen.panel.picker
    assert picker.button.text() == "Patient d’essai\u00a0: TEST AAESSAI"
    other = next(each for each in editor.board.dossiers.values() if each.patient.last_name != "AAESSAI")
    editor.screen.receive(other.number)
    assert other.patient.last_name in picker.button.text()

    picker.button.click()
    editor.qtbot.keyClicks(picker.entry, "sans rien")
    editor.qtbot.keyClick(picker.entry, Qt.Key.Key_Return)
    assert picker.button.text() == "Patient d’essai\u00a0: un patient sans rien"


def test_a_hidden_page_says_so_and_can_be_shown_again(open_editor: Open, practice: Practice) -> None:
    editor = open_editor(practice)
    panel = editor.screen.panel
    editor.screen.tree.toggled.emit("contact")
    panel.tabs.setCurrentIndex(2)
    editor.qtbot.waitUntil(panel.closed.isVisible, timeout=WITHIN)
    panel.closed.button.click()
    assert editor.screen.presenter.changes == ()


def test_the_search_leaves_what_was_looked_for(open_editor: Open, practice: Practice) -> None:
    editor = open_editor(practice)
    tree = editor.screen.tree
    editor.qtbot.keyClicks(tree.search, "deconnecter")
    assert not tree.item("header.sign_out").isHidden()
    assert tree.item("contact").isHidden()
    assert tree.item("header.sign_out").toolTip(0).startswith("Toujours affiché.")
    editor.qtbot.keyClick(tree.search, Qt.Key.Key_Escape)
    assert not tree.item("contact").isHidden()
