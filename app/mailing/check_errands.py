"""What step 3 does: check a mailing anew, and help as the line of a finding offers."""

from PySide6.QtCore import QObject, Signal

from app.desk.texts import TextFolder
from app.errors import Trouble
from app.mailing.basis import Basis
from app.mailing.check_page import CheckPage
from app.mailing.check_presenter import Action, Checked, Row, check_all, grouped, switched
from app.mailing.recipe import Recipe
from app.mailing.recipients_presenter import Patients, chosen_from
from app.screen import Context
from app.tasks import Reporter
from app.widgets.confirm import confirm

_COMPLETED_AT = {"no-telephone": ("portal_editor", None), "no-signatory": ("setup", "cabinet")}
"""The screen where the cabinet says it, by the finding's code."""


class CheckErrands(QObject):
    """Of two checks that overlap, the later one is shown; `checked` when it is."""

    checked = Signal()
    helped = Signal(object)
    """What makes of the recipe the one that is to be checked now."""

    def __init__(self, context: Context, page: CheckPage, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._page = page
        self._asked = 0
        page.acted.connect(self._help)
        page.patient_wanted.connect(lambda number: context.navigate("patients", number))

    def check(self, basis: Basis, recipe: Recipe, patients: Patients, texts: TextFolder) -> None:
        """Choose and merge anew: the export or the texts may have changed meanwhile."""
        self._asked += 1
        asked, reading = self._asked, self._context.board.reading
        problems = reading.problems if reading else ()
        self._page.wait()

        def work(_: Reporter) -> Checked:
            chosen = chosen_from(patients, recipe)
            return check_all(basis, chosen.selection, texts, patients.accounts, problems)

        def done(checked: Checked) -> None:
            if asked == self._asked:
                self._page.show_checked(checked)
                self.checked.emit()

        def failed(trouble: Trouble) -> None:
            self._page.stop_waiting()
            self._page.notice.say_trouble(trouble)

        self._context.tasks.run(work, done=done, failed=failed, owner=self)

    def _help(self, row: Row, action: Action) -> None:
        found = row.finding
        match action:
            case Action.CORRECT | Action.SHOW:
                self._page.show_concerned(row)
            case Action.COMPLETE:
                self._context.navigate(*_COMPLETED_AT[found.code])
            case Action.GROUP:
                self.helped.emit(grouped)
            case Action.SWITCH:
                self.helped.emit(lambda recipe: switched(recipe, row))
            case Action.REMOVE:
                count = len(found.numbers)
                noun = "patient" if count == 1 else "patients"
                words = f"{found.title}\u00a0: ils ne recevront rien cette fois. Vous pouvez les remettre à l’étape 2."
                if confirm(self._page, f"Retirer {count} {noun} de cet envoi\u00a0?", words, "Retirer"):
                    self.helped.emit(lambda recipe: recipe.without(found.numbers))
