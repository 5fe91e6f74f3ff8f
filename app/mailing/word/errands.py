"""What the buttons around a model's Word document do."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.mailing.model_presenter import ModelPresenter
from app.mailing.word import letter
from app.mailing.word.panel import WordPanel
from app.tasks import Reporter
from app.widgets.confirm import confirm

Run = Callable[[Callable[[Reporter], object], Callable[[object], None]], None]


class WordErrands(QObject):
    """`reopen` reads the text that is shown again; `run` does slow work and then calls back."""

    def __init__(
        self,
        page: QWidget,
        panel: WordPanel,
        presenter: Callable[[], ModelPresenter],
        run: Run,
        reopen: Callable[[], None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._presenter = presenter
        self._run = run
        self._reopen = reopen
        panel.edit_wanted.connect(self._edit)
        panel.read_wanted.connect(reopen)
        panel.choose_wanted.connect(self.choose)
        panel.forget_wanted.connect(self._forget)

    def choose(self) -> None:
        """Ask for a document of this computer, and make the model's letters with it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._page, "Choisir un document Word", str(Path.home()), "Document Word (*.docx *.dotx)"
        )
        if chosen:
            folder = self._folder
            self._run(lambda _: letter.choose(folder, Path(chosen)), lambda _: self._reopen())

    def _edit(self) -> None:
        word = self._presenter().word
        if word is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(word.path)))

    def _forget(self) -> None:
        words = "La copie du document qui est dans ce modèle est supprimée. Votre document d’origine ne change pas."
        if confirm(self._page, "Revenir à la lettre de WebOrtho\u00a0?", words, "Revenir à la lettre"):
            folder = self._folder
            self._run(lambda _: letter.forget(folder), lambda _: self._reopen())

    @property
    def _folder(self) -> Path:
        presenter = self._presenter()
        return presenter.library.folder_of(presenter.model)
