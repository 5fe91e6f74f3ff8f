"""The shared widgets: what they say, what they do by keyboard, what they emit."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import style
from app.errors import Trouble
from app.widgets.badge import badge_text
from app.widgets.busy import BusyLine, Spinner
from app.widgets.buttons import link, primary, secondary, tool
from app.widgets.confirm import Question, confirm
from app.widgets.copy_button import copy_button
from app.widgets.empty import EmptyState
from app.widgets.figure import KeyFigure
from app.widgets.form import Field
from app.widgets.form_dialog import FormDialog
from app.widgets.notice import Notice
from app.widgets.page import PageHeader
from app.widgets.panel import Panel
from app.widgets.pill import Kind, Pill, PillData, pill_width
from app.widgets.progress import Bar, ProgressRow
from app.widgets.search_field import SearchField
from app.widgets.stepper import Stepper
from app.widgets.switch import Part, Switch


@pytest.fixture
def place(qtbot: QtBot) -> QWidget:
    """A shown window to put widgets in."""
    made = QWidget()
    QVBoxLayout(made)
    made.resize(700, 300)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def put(place: QWidget) -> Callable[[QWidget], None]:
    def add(widget: QWidget) -> None:
        layout = place.layout()
        assert layout is not None
        layout.addWidget(widget)
        QApplication.processEvents()

    return add


def test_a_notice_is_silent_until_it_says_something_and_closes(put: Callable[[QWidget], None], qtbot: QtBot) -> None:
    notice = Notice(dismissible=True)
    put(notice)
    assert not notice.isVisible()
    notice.say_trouble(Trouble("La base n’a pas répondu.", "Réessayez."), "Réessayer")
    assert notice.isVisible()
    assert (notice.kind, notice.text) == (Kind.ERROR, "La base n’a pas répondu. Réessayez.")
    with qtbot.waitSignal(notice.acted):
        qtbot.mouseClick(notice.button, Qt.MouseButton.LeftButton)
    close = next(one for one in notice.findChildren(QPushButton) if one.accessibleName() == "Fermer ce message")
    with qtbot.waitSignal(notice.dismissed):
        qtbot.keyClick(close, Qt.Key.Key_Space)
    assert not notice.isVisible()


def test_a_notice_says_nothing_of_what_a_person_stopped(put: Callable[[QWidget], None]) -> None:
    notice = Notice()
    put(notice)
    notice.say_trouble(Trouble("Arrêté.", cancelled=True))
    assert not notice.isVisible()


def test_a_notice_shows_markup_as_it_was_written(put: Callable[[QWidget], None]) -> None:
    notice = Notice()
    put(notice)
    notice.say(Kind.OK, "<img src=x> & <b>Martin</b>")
    assert notice.text == "<img src=x> & <b>Martin</b>"
    assert "&lt;img src=x&gt; &amp; &lt;b&gt;Martin&lt;/b&gt;" in notice._words.text()


def test_the_question_is_answered_by_its_buttons(place: QWidget, answering: Callable[[bool], list[str]]) -> None:
    asked = answering(True)
    assert confirm(place, "Réinitialiser 12\u00a0accès\u00a0?", "Les anciens ne fonctionneront plus.", "Réinitialiser")
    answering(False)
    assert not confirm(place, "Réinitialiser 12\u00a0accès\u00a0?", "Les anciens ne fonctionneront plus.", "Oui")
    assert asked == ["Réinitialiser 12\u00a0accès\u00a0?"]


def test_a_pill_is_as_wide_as_its_words_and_speaks_them(put: Callable[[QWidget], None]) -> None:
    pill = Pill(Kind.OK, "Activé")
    put(pill)
    before = pill.sizeHint().width()
    pill.show_state(PillData(Kind.ERROR, "Bloqué jusqu’à 10h30"))
    assert pill.sizeHint().width() > before
    assert pill.accessibleName() == "Bloqué jusqu’à 10h30"
    assert pill_width(PillData(Kind.OK, "Activé", "")) < pill_width(PillData(Kind.OK, "Activé"))


def test_a_badge_counts_no_further_than_three_figures() -> None:
    assert (badge_text(4), badge_text(999), badge_text(1000)) == ("4", "999", "999+")


def test_a_figure_that_is_not_known_is_spoken_as_unknown(qapp: QApplication) -> None:
    assert KeyFigure().accessibleName() == "inconnu"
    assert KeyFigure("1\u00a0248", "sur 1\u00a0302").accessibleName() == "1\u00a0248 sur 1\u00a0302"


def test_a_switch_has_one_part_chosen_and_tells_the_change(put: Callable[[QWidget], None], qtbot: QtBot) -> None:
    switch = Switch("Aperçu", [Part("computer", "Ordinateur", "desktop"), Part("phone", "Téléphone")])
    put(switch)
    assert switch.current == "computer"
    with qtbot.waitSignal(switch.chosen) as chosen:
        qtbot.mouseClick(switch.part("phone"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["phone"]
    with qtbot.waitSignal(switch.chosen) as chosen:
        qtbot.keyClick(switch.part("phone"), Qt.Key.Key_Left)
    assert chosen.args == ["computer"]
    with qtbot.assertNotEmitted(switch.chosen):
        switch.choose("phone")
    assert switch.current == "phone"


def test_only_a_step_that_is_done_leads_back(put: Callable[[QWidget], None], qtbot: QtBot) -> None:
    stepper = Stepper(["Modèle", "Destinataires", "Contrôle", "Envoi"])
    put(stepper)
    stepper.set_current(2)
    names = [step.accessibleName() for step in stepper._steps]
    assert names[1:3] == ["Étape 2, Destinataires, terminée", "Étape 3, Contrôle, en cours"]
    with qtbot.assertNotEmitted(stepper.chosen):
        qtbot.mouseClick(stepper._steps[3], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(stepper.chosen) as chosen:
        qtbot.keyClick(stepper._steps[1], Qt.Key.Key_Space)
    assert chosen.args == [1]


def test_work_that_is_cancelled_says_that_it_stops(put: Callable[[QWidget], None], qtbot: QtBot) -> None:
    row = ProgressRow()
    put(row)
    row.begin("Lecture de l’export…")
    row.say("Lecture de l’export…", 0.25)
    assert row.bar.value() / row.bar.maximum() == pytest.approx(0.25)
    with qtbot.waitSignal(row.cancelled):
        qtbot.mouseClick(row.button, Qt.MouseButton.LeftButton)
    assert (row.button.text(), row.button.isEnabled()) == ("Arrêt en cours…", False)
    row.begin("Encore")
    assert (row.button.text(), row.button.isEnabled()) == ("Annuler", True)
    row.end()
    assert not row.isVisible()


def test_a_bar_is_painted_to_its_part(put: Callable[[QWidget], None]) -> None:
    bar = Bar("Envoi", height=16)
    put(bar)
    bar.show_part(0.5)
    picture = bar.grab().toImage()
    assert picture.pixelColor(picture.width() // 4, 8) == style.colour("canard")
    assert picture.pixelColor(3 * picture.width() // 4, 8) == style.colour("trait")


def test_the_search_tells_each_keystroke_and_escape_empties_it(put: Callable[[QWidget], None], qtbot: QtBot) -> None:
    search = SearchField("Rechercher un patient", "Nom, prénom ou N°\u00a0interne")
    put(search)
    told: list[str] = []
    search.searched.connect(told.append)
    qtbot.keyClicks(search, "53")
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert told == ["5", "53", ""]
    with qtbot.waitSignal(search.left_down):
        qtbot.keyClick(search, Qt.Key.Key_Down)


def test_copying_says_so(put: Callable[[QWidget], None], qtbot: QtBot) -> None:
    button = copy_button(lambda: "5312apo")
    put(button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "5312apo"
    assert button.text() == "Copié"


def test_a_field_says_what_is_wrong_with_it_below(put: Callable[[QWidget], None]) -> None:
    entry = QLineEdit()
    field = Field("Adresse e-mail", entry, "Exemple\u00a0: nom@exemple.fr")
    put(field)
    assert (entry.accessibleName(), entry.accessibleDescription()) == (
        "Adresse e-mail",
        "Exemple\u00a0: nom@exemple.fr",
    )
    field.say_wrong("Cette adresse e-mail est incomplète.")
    assert field._wrong.isVisible()
    assert entry.property("wrong") is True
    field.say_wrong("")
    assert not field._wrong.isVisible()
    assert entry.property("wrong") is False


def test_an_empty_place_has_a_sentence_and_one_thing_to_do(put: Callable[[QWidget], None], qtbot: QtBot) -> None:
    empty = EmptyState("Aucun patient pour cette recherche.", "Effacer la recherche")
    put(empty)
    with qtbot.waitSignal(empty.acted):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    empty.say("Rien à faire.")
    assert not empty.button.isVisible()


def test_nothing_turns_while_it_is_hidden(put: Callable[[QWidget], None]) -> None:
    line = BusyLine()
    put(line)
    spinner = line.findChild(Spinner)
    assert spinner is not None
    line.begin("Lecture…")
    assert spinner._timer.isActive()
    line.end()
    assert not spinner._timer.isActive()


def test_an_icon_alone_has_a_name(qapp: QApplication) -> None:
    button = tool("Page suivante", "caret-right")
    assert (button.accessibleName(), button.toolTip()) == ("Page suivante", "Page suivante")


def test_an_ampersand_is_written_as_it_is(qapp: QApplication) -> None:
    assert link("Dupont & fils").text() == "Dupont && fils"


def test_an_unknown_icon_is_refused_when_it_is_asked_for(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        primary("Suite", "no-such-icon")


def test_headings_name_their_panels(put: Callable[[QWidget], None]) -> None:
    panel, header = Panel("Historique"), PageHeader("Patients", "1\u00a0302 dossiers")
    put(panel)
    put(header)
    assert panel.accessibleName() == "Historique"
    assert header._aside.isVisible()
    header.set_aside("")
    assert not header._aside.isVisible()


def test_enter_presses_the_button_that_has_the_focus_and_no_other(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    pressed: list[str] = []
    back, go_on = secondary("Retour"), primary("Suivant")
    go_on.setDefault(True)
    switch = Switch("Forme", [Part("a", "A"), Part("b", "B")])
    switch.chosen.connect(pressed.append)
    column = QVBoxLayout(dialog)
    for widget in (back, go_on, switch):
        column.addWidget(widget)
    back.clicked.connect(lambda: pressed.append("back"))
    go_on.clicked.connect(lambda: pressed.append("on"))
    dialog.open()
    for widget in (back, switch.part("b"), go_on):
        widget.setFocus()
        qtbot.keyClick(widget, Qt.Key.Key_Return)
    assert pressed == ["back", "b", "on"]


def test_enter_in_a_field_ends_a_dialog_with_one_thing_to_fill_in(qtbot: QtBot) -> None:
    dialog = FormDialog("Nom", "Créer")
    qtbot.addWidget(dialog)
    entry = QLineEdit()
    dialog.form.addWidget(entry)
    dialog.open()
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_enter_in_a_question_does_nothing_that_cannot_be_undone(qtbot: QtBot) -> None:
    question = Question(None, "Effacer\u00a0?", "Rien ne revient.", "Effacer")
    qtbot.addWidget(question)
    question.open()
    qtbot.keyClick(question.cancel, Qt.Key.Key_Return)
    assert question.result() == QDialog.DialogCode.Rejected
    assert not question.isVisible()
