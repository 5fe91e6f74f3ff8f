"""What was changed on two computers of the cabinet: a person chooses which of them the others follow."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import style
from app.desk.sharing import Conflict, Shared, Sharing
from app.errors import Trouble
from app.screen import Context
from app.tasks import Reporter
from app.widgets.buttons import secondary
from app.widgets.labels import label
from app.widgets.notice import Notice
from portal.api.documents import DocumentName


class SharedNotice(QWidget):
    """Hidden while all computers agree."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.trouble = Notice(dismissible=True)
        self._column.addWidget(self.trouble)
        self.conflicts: list[_Choice] = []
        context.board.shared_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        shared = self._context.board.shared or Shared()
        for choice in self.conflicts:
            self._column.removeWidget(choice)
            choice.deleteLater()
        self.conflicts = [_Choice(conflict, self._choose) for conflict in shared.conflicts]
        for choice in self.conflicts:
            self._column.addWidget(choice)
        self.setVisible(bool(self.conflicts))

    def _choose(self, conflict: Conflict, *, keeps: bool) -> None:
        desk, board = self._context.desk, self._context.board
        for choice in self.conflicts:
            choice.setEnabled(False)

        def work(reporter: Reporter) -> None:
            with desk.portal(reporter.cancel) as portal:
                sharing = Sharing(desk, portal.documents, may_save=board.is_practitioner)
                (sharing.keep if keeps else sharing.take)(conflict.name)

        def well(_: None) -> None:
            self.trouble.hide()
            self._context.tell(
                "Les réglages de ce poste sont gardés." if keeps else "Les réglages du portail sont repris."
            )
            board.refresh_shared()
            board.refresh_reading()

        def failed(trouble: Trouble) -> None:
            self.trouble.say_trouble(trouble)
            self._show()

        self._context.tasks.run(work, done=well, failed=failed, owner=self)


class _Choice(QFrame):
    """One document: what happened, and the two ways out."""

    def __init__(self, conflict: Conflict, chosen: Callable[..., None]) -> None:
        super().__init__()
        style.set_role(self, "notice-alert")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        icon = QLabel()
        icon.setPixmap(style.pixmap("warning", "alerte", fill=True))
        where = f"sur le poste «\u00a0{conflict.device_name}\u00a0»" if conflict.device_name else "sur un autre poste"
        self.words = label(_question(conflict, where), wrap=True)
        self.keep = secondary("Garder ceux de ce poste")
        self.keep.clicked.connect(lambda: chosen(conflict, keeps=True))
        self.take = secondary("Prendre ceux du portail")
        self.take.clicked.connect(lambda: chosen(conflict, keeps=False))
        row.addWidget(icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.keep)
        row.addWidget(self.take)


def _question(conflict: Conflict, where: str) -> str:
    if conflict.reaches_further:
        server = conflict.name is DocumentName.DESK
        what = "Un autre serveur d’envoi a été choisi" if server else "Une requête ou un dossier de photos a été ajouté"
        return (
            f"{what} {where}\u00a0: {conflict.words}. "
            "Vérifiez que cette modification vient du cabinet, puis choisissez quels réglages garder."
        )
    return f"Ces réglages ont été modifiés ici et {where}\u00a0: {conflict.words}. Choisissez lesquels garder."
