"""The window of the columns: what was recognised, what a person changes, and the mapping that comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog
from pytestqt.qtbot import QtBot

from app.setup.columns_dialog import ColumnsDialog
from app.setup.columns_tab import ColumnsTab
from app.tasks import Tasks
from app.widgets.notice import Notice
from cabinet.dossier import AppointmentStatus
from cabinet.mapping import load_mapping
from cabinet.reading import Reading, read
from cabinet.sources.location import Location
from tests.app.conftest import WITHIN
from tests.app.foreign_export import write_foreign_export

KEY = bytes(32)
PATIENTS, ADDRESSEES, VISITS, INSTALMENTS, FEES, BALANCES = range(6)


@dataclass
class Hands:
    qtbot: QtBot
    dialog: ColumnsDialog
    folder: Path

    def tab(self, place: int) -> ColumnsTab:
        page = self.dialog.tabs.widget(place)
        assert isinstance(page, ColumnsTab)
        return page

    def entry(self, place: int, key: str) -> QComboBox:
        return self.tab(place).entries[key]

    def choose(self, place: int, key: str, words: str) -> None:
        """With the keyboard alone."""
        self.dialog.tabs.setCurrentIndex(place)
        entry = self.entry(place, key)
        at = entry.findText(words)
        assert at >= 0, [entry.itemText(item) for item in range(entry.count())]
        entry.setFocus()
        steps = at - entry.currentIndex()
        for _ in range(abs(steps)):
            self.qtbot.keyClick(self.entry(place, key), Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)

    def written(self) -> Reading:
        """What is read through the mapping that the window wrote."""
        with self.qtbot.waitSignal(self.dialog.written, timeout=WITHIN) as signal:
            self.qtbot.mouseClick(self.dialog.use, Qt.MouseButton.LeftButton)
        assert self.dialog.result() == QDialog.DialogCode.Accepted
        assert signal.args is not None
        return read(Location(str(self.folder)), load_mapping(Path(signal.args[0])), KEY)


@pytest.fixture
def open_on(qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> Callable[[Path], Hands]:
    def opened(folder: Path) -> Hands:
        dialog = ColumnsDialog(Location(str(folder)), tmp_path / "poste", tasks)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: tasks.running == 0, timeout=WITHIN)
        return Hands(qtbot, dialog, folder)

    return opened


@pytest.fixture
def hands(open_on: Callable[[Path], Hands], tmp_path: Path) -> Hands:
    return open_on(write_foreign_export(tmp_path / "export"))


def test_an_export_of_other_names_is_connected_by_the_keyboard_alone(hands: Hands) -> None:
    tabs = hands.dialog.tabs
    assert [tabs.tabText(place).partition(" (")[0] for place in range(tabs.count())] == [
        *("Patients", "Destinataires", "Rendez-vous", "Échéancier", "Honoraires", "Soldes")
    ]
    hands.choose(PATIENTS, "dates", "jour/mois/année")
    hands.choose(PATIENTS, "rows/Archive", "0 (5)")
    hands.choose(VISITS, "dates", "jour/mois/année")
    hands.choose(VISITS, "status/H", "Honoré")
    hands.choose(VISITS, "status/P", "Prévu")
    hands.choose(INSTALMENTS, "dates", "jour/mois/année")
    assert "à vérifier" not in hands.dialog.summary.text()
    reading = hands.written()
    assert (reading.counts.patients, reading.counts.appointments, reading.counts.instalments) == (5, 10, 5)
    first = reading.dossiers[0]
    assert (first.patient.last_name, str(first.patient.birth_date)) == ("MARTEL", "2012-09-01")
    assert [visit.status for visit in first.appointments] == [AppointmentStatus.ATTENDED, AppointmentStatus.PLANNED]
    assert str(first.appointments[0].start) == "2026-10-01 14:10:00"
    assert reading.problems == ()


def test_what_nobody_decided_is_not_published(hands: Hands) -> None:
    assert "à vérifier" in hands.dialog.summary.text()
    assert "à vérifier" in hands.dialog.tabs.tabText(VISITS)
    reading = hands.written()
    assert (reading.counts.patients, reading.counts.appointments) == (6, 0)
    assert {dossier.patient.birth_date for dossier in reading.dossiers} == {None}


def test_a_column_may_be_another_or_none(hands: Hands) -> None:
    hands.choose(PATIENTS, "dates", "jour/mois/année")
    hands.choose(PATIENTS, "first_name", "Aucune")
    hands.choose(PATIENTS, "civility", "Sit")
    assert [dossier.patient.first_name for dossier in hands.written().dossiers] == [""] * 6


def test_without_the_patients_number_nothing_can_be_used(hands: Hands) -> None:
    hands.choose(PATIENTS, "number", "Aucune")
    assert not hands.dialog.use.isEnabled()
    assert hands.dialog.summary.text() == "Choisissez la table des patients, puis leur numéro."
    hands.choose(PATIENTS, "number", "NumDossier")
    assert hands.dialog.use.isEnabled()


def test_a_table_that_nobody_recognised_is_named(open_on: Callable[[Path], Hands], tmp_path: Path) -> None:
    folder = write_foreign_export(tmp_path / "export")
    (folder / "ZZ9.TXT").write_bytes(b"Qui;Combien;Quoi\r\n4100;12,50;Visite\r\n4101;30,00;Visite\r\n")
    hands = open_on(folder)
    hands.choose(FEES, "table", "ZZ9.TXT")
    hands.choose(FEES, "patient", "Qui")
    hands.choose(FEES, "amount", "Combien")
    hands.choose(FEES, "label", "Quoi")
    fees = [fee for dossier in hands.written().dossiers for fee in dossier.fees]
    assert [(fee.label, fee.amount) for fee in fees] == [("Visite", 1250), ("Visite", 3000)]


def test_files_of_the_same_columns_are_read_together(open_on: Callable[[Path], Hands], tmp_path: Path) -> None:
    folder = write_foreign_export(tmp_path / "export")
    (folder / "AGENDA.TXT").rename(folder / "RDV_a_venir.TXT")
    (folder / "RDV_passes.TXT").write_bytes(
        b"NumDossier;DateRdv;HeureRdv;Motif;Presence\r\n4100;14/10/2025;14:10;RVC;H\r\n4101;15/10/2025;14:10;RVC;P\r\n"
    )
    hands = open_on(folder)
    hands.choose(VISITS, "dates", "jour/mois/année")
    page = hands.tab(VISITS)
    button = next(box.button for box in page.findChildren(Notice) if box.button.text() == "Lire tous ces fichiers")
    hands.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    hands.choose(VISITS, "status/H", "Honoré")
    hands.choose(VISITS, "status/P", "Prévu")
    assert hands.entry(VISITS, "table").currentText() == "RDV_*.TXT"
    assert hands.written().counts.appointments == 14


def test_years_of_the_same_columns_are_one_table(open_on: Callable[[Path], Hands], tmp_path: Path) -> None:
    folder = write_foreign_export(tmp_path / "export")
    (folder / "AGENDA.TXT").rename(folder / "RDV_2026.TXT")
    (folder / "RDV_2025.TXT").write_bytes(
        b"NumDossier;DateRdv;HeureRdv;Motif;Presence\r\n4100;14/10/2025;14:10;RVC;H\r\n4101;15/10/2025;14:10;RVC;P\r\n"
    )
    hands = open_on(folder)
    assert hands.entry(VISITS, "table").currentText() == "RDV_*.TXT"
    assert any("en plusieurs fichiers" in box.text for box in hands.tab(VISITS).findChildren(Notice))
    hands.choose(VISITS, "status/H", "Honoré")
    hands.choose(VISITS, "status/P", "Prévu")
    assert hands.written().counts.appointments == 14


def test_a_former_mapping_is_never_written_over(hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "poste").mkdir()
    kept = tmp_path / "poste" / "mapping.toml"
    kept.write_text("# complété à la main")
    hands.written()
    assert kept.read_text() == "# complété à la main"
    assert (tmp_path / "poste" / "mapping-2.toml").exists()


def test_an_old_programs_encoding_is_proposed(open_on: Callable[[Path], Hands], tmp_path: Path) -> None:
    folder = write_foreign_export(tmp_path / "export")
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes().decode("cp1252").encode("mac-roman"))
    hands = open_on(folder)
    assert hands.dialog.encoding.currentText() == "Mac Roman"
    hands.choose(PATIENTS, "dates", "jour/mois/année")
    assert [dossier.patient.first_name for dossier in hands.written().dossiers][:2] == ["Éloïse", "Côme"]


def test_an_encoding_that_is_not_recognised_is_named_here(open_on: Callable[[Path], Hands], tmp_path: Path) -> None:
    folder = write_foreign_export(tmp_path / "export")
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes().decode("cp1252").encode("cp850"))
    # One of Windows among them: nothing says what all of them are.
    (folder / "AUTRE.TXT").write_bytes("N;Prénom\r\n1;Zoé\r\n".encode("cp1252"))
    hands = open_on(folder)
    assert "L’encodage du fichier FICPAT.TXT n’est pas reconnu" in hands.dialog.notice.text
    entry = hands.dialog.encoding
    entry.setFocus()
    for _ in range(entry.findText("DOS (cp850)")):
        hands.qtbot.keyClick(entry, Qt.Key.Key_Down)
        hands.qtbot.waitUntil(entry.isEnabled, timeout=WITHIN)
        entry.setFocus()
    hands.choose(PATIENTS, "dates", "jour/mois/année")
    assert [dossier.patient.first_name for dossier in hands.written().dossiers][:2] == ["Éloïse", "Côme"]


def test_an_export_that_cannot_be_read_is_told(open_on: Callable[[Path], Hands], tmp_path: Path) -> None:
    hands = open_on(tmp_path / "absent")
    assert hands.dialog.notice.text.startswith(f"Le dossier d’export {tmp_path / 'absent'} n’existe pas")
    assert not hands.dialog.use.isEnabled()
