"""Step 1, « Modèle »: what goes out, in which words, and at the right what it will look like."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import Trouble
from app.mailing.dialogs import NameDialog
from app.mailing.editor_panel import EditorPanel
from app.mailing.letter.page_dialog import PageDialog
from app.mailing.letter.shop import ModelPictures
from app.mailing.library import SHIPPED, SHIPPED_MODELS, Part, Stored
from app.mailing.model_presenter import ModelPresenter, check_text
from app.mailing.preview_loop import PreviewLoop
from app.mailing.preview_pane import PreviewPane
from app.mailing.previews import Previewer
from app.mailing.printer import ask_printer, print_pdf
from app.mailing.sides import Sides
from app.mailing.word.errands import WordErrands
from app.mailing.word.letter import WordLetter, find
from app.screen import Context
from app.tasks import Reporter
from app.widgets.buttons import primary, secondary
from app.widgets.confirm import confirm
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.page import GAP
from app.widgets.pill import Kind
from cabinet.dossier import Dossier
from cabinet.errors import WebOrthoError
from merge.letters.model import SignInPicture
from merge.recipients import ChannelKind
from merge.sms.segments import with_replacements

DRAFT_AFTER = 800
"""Milliseconds after the last key."""


class ModelPage(QWidget):
    """`next_wanted` once every text of the model is saved and can be merged."""

    next_wanted = Signal()
    close_wanted = Signal()
    model_shown = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._presenter: ModelPresenter | None = None
        self._opening = 0
        self._draft = QTimer(self, singleShot=True, interval=DRAFT_AFTER)
        self._draft.timeout.connect(self._keep_draft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.notice = Notice(dismissible=True)
        column.addWidget(self.notice)
        self.panel = EditorPanel(self._picture)
        self.preview = PreviewPane()
        self.loop = PreviewLoop(context.tasks, self.preview, self)
        self.sides = Sides(self.panel, self.preview)
        column.addWidget(self.sides, 1)
        column.addLayout(self._foot())
        self.word = WordErrands(
            self,
            self.panel.word,
            lambda: self._required,
            self._run,
            lambda: self._open(self._required.model, self._required.part),
        )
        self._connect()

    @property
    def first(self) -> QWidget:
        """Where the keyboard begins: the text, or where there is none to type, the choice of the model."""
        return self.panel.body if self.panel.body.isVisibleTo(self) else self.panel.models

    def begin(
        self,
        presenter: ModelPresenter,
        previewer: Previewer,
        dossiers: Sequence[Dossier],
        *,
        today: dt.date,
        model: str,
    ) -> None:
        """Show this model; again whenever the cabinet's data or settings changed: what is typed then stays."""
        if self._presenter is None:
            self._presenter = presenter
            self.loop.begin(presenter, previewer, dossiers, today)
            self._list_models(model)
            self._open(model, presenter.part)
        else:
            self._presenter.follow(presenter)
            self.loop.begin(self._presenter, previewer, dossiers, today)
            self.loop.reopen()

    def keep(self) -> None:
        """Nothing typed is lost: the screen is left, or the window closes."""
        if self._draft.isActive() and self._presenter:
            self._draft.stop()
            try:
                self._presenter.keep_draft()()
            except WebOrthoError as error:
                self.notice.say(Kind.ERROR, error.what, error.todo)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        close = secondary("Fermer")
        close.clicked.connect(self.close_wanted)
        self.origin = label("", "quiet")
        self.trial = secondary("Imprimer un essai", "printer")
        self.next = primary("Suivant\u00a0: Destinataires", "caret-right", after=True)
        row.addWidget(close)
        row.addSpacing(4)
        row.addWidget(self.origin)
        row.addStretch(1)
        row.addWidget(self.sides.turn)
        row.addWidget(self.trial)
        row.addWidget(self.next)
        return row

    def _connect(self) -> None:
        panel = self.panel
        panel.edited.connect(self._typed)
        panel.checked.connect(self._show_status)
        panel.model_chosen.connect(lambda model: self._open(model, self._required.part))
        panel.part_chosen.connect(lambda part: self._open(self._required.model, part))
        panel.letter_itself_chosen.connect(self._send_letter_itself)
        panel.save.clicked.connect(self._save)
        panel.page.clicked.connect(self._set_page)
        panel.tools.insert_wanted.connect(lambda kind: panel.objects.insert(kind, self._pictures(), self))
        panel.tools.edit_wanted.connect(lambda: panel.objects.edit(self._pictures(), self))
        panel.actions_menu.aboutToShow.connect(self._offer_actions)
        panel.new_action.triggered.connect(self._create)
        panel.word_action.triggered.connect(self.word.choose)
        panel.delete_action.triggered.connect(self._delete)
        panel.discard_action.triggered.connect(self._discard)
        panel.restore_action.triggered.connect(self._restore)
        panel.take_letter_action.triggered.connect(self._take_letter)
        self.loop.came.connect(lambda: panel.show_dear(self.loop.dear))
        self.preview.replacement_wanted.connect(lambda: panel.body.replace_all(with_replacements(panel.body.content)))
        self.trial.clicked.connect(self._print_trial)
        self.next.clicked.connect(self._finish)

    @property
    def _required(self) -> ModelPresenter:
        assert self._presenter is not None  # noqa: S101 - nothing can be pressed before `begin`
        return self._presenter

    def _picture(self) -> SignInPicture:
        return self._required.picture()

    def _pictures(self) -> ModelPictures:
        return ModelPictures(self._required.library, self._required.model, self._context.tasks)

    # Which text

    def _list_models(self, chosen: str) -> None:
        self._run(lambda _: self._required.library.names(), lambda names: self.panel.show_models(names, chosen))

    def _open(self, model: str, part: Part) -> None:
        self.keep()
        self._opening += 1
        asked = self._opening
        self.panel.wait()

        def opened(found: tuple[Stored, WordLetter | None]) -> None:
            if asked == self._opening:
                self._show(model, part, *found)

        library = self._required.library
        self._run(lambda _: (library.load(model, part), find(library.folder_of(model))), opened)

    def _show(self, model: str, part: Part, stored: Stored, word: WordLetter | None = None) -> None:
        presenter = self._required
        try:
            presenter.opened(model, part, stored, word)
        except WebOrthoError as error:
            self.notice.say(Kind.ERROR, error.what, error.todo)
            presenter.opened(model, part, Stored(presenter.library.shipped(model, part)), word)
        is_email = part.channel is ChannelKind.EMAIL
        self.panel.show_text(
            part, rows=presenter.letter_rows(), subject=presenter.subject if is_email else "", body=presenter.body
        )
        self.panel.show_letter_itself(yes=presenter.is_letter_itself, has_word=presenter.model_word is not None)
        self.panel.show_word(presenter.word)
        self.panel.models.setCurrentText(model)
        self.trial.setVisible(part.channel is ChannelKind.LETTER)
        self.model_shown.emit(model)
        self._show_origin()
        self._show_status()
        self.loop.open()

    # What is typed

    def _typed(self) -> None:
        presenter = self._required
        if presenter.channel is ChannelKind.LETTER:
            presenter.typed_letter(self.panel.letter_rows)
        elif presenter.channel is ChannelKind.EMAIL:
            presenter.typed_email(self.panel.subject.content, self.panel.body.content)
        else:
            presenter.typed_sms(self.panel.body.content)
        self._changed()

    def _changed(self) -> None:
        self.loop.renew()
        self._draft.start()
        self._show_origin()

    def _send_letter_itself(self, yes: bool) -> None:
        presenter = self._required
        presenter.send_letter_itself(yes=yes)
        self.panel.show_text(presenter.part, rows=(), subject=presenter.subject, body=presenter.body)
        self.panel.show_letter_itself(yes=yes, has_word=presenter.model_word is not None)
        self._changed()
        self._show_status()

    def _set_page(self) -> None:
        presenter = self._required
        dialog = PageDialog(presenter.letter, self._pictures(), self)
        if dialog.exec() and dialog.made != presenter.letter:
            presenter.set_frame(dialog.made)
            self._changed()
        dialog.deleteLater()

    def _keep_draft(self) -> None:
        write = self._required.keep_draft()
        self._run(lambda _: write())

    def _show_origin(self) -> None:
        self.origin.setText(self._required.origin)
        self.panel.save.setEnabled(self._required.stored.draft)

    def _show_status(self) -> None:
        if self._presenter is not None:
            problems = self.panel.faulty.highlighter.problems
            self.panel.show_status(self._presenter.status(problems, self.panel.fields))

    def _print_trial(self) -> None:
        pdf = self.loop.letter
        if self.loop.is_awaited:
            self.notice.say(Kind.INFO, "L’aperçu se prépare encore.", "Imprimez l’essai dès qu’il est affiché.")
            return
        if not pdf:
            self.notice.say(Kind.ALERT, "Cette lettre ne peut pas être imprimée.", "Corrigez d’abord ce qui manque.")
            return
        printer = ask_printer(self, "Essai de lettre")
        if printer is not None:
            self._run(
                lambda reporter: print_pdf(pdf, printer, cancel=reporter.cancel),
                lambda _: self._context.tell("L’essai est parti à l’imprimante. Ses codes ne sont pas vrais."),
            )

    # Saving

    def _save(self) -> None:
        part = self._required.part

        def saved(_: None) -> None:
            self._saved(part)
            self._context.tell("Le modèle est enregistré.")

        self._run(self._saving((part,)), saved)

    def _finish(self) -> None:
        part = self._required.part
        self.next.setEnabled(False)

        def saved(_: None) -> None:
            self.next.setEnabled(True)
            self._saved(part)
            self.next_wanted.emit()

        self._run(self._saving(tuple(Part)), saved)

    def _saved(self, part: Part) -> None:
        presenter = self._required
        if presenter.part is part and presenter.stored.draft and not self._draft.isActive():
            presenter.saved()
            self._show_origin()
        self.notice.hide()

    def _saving(self, parts: tuple[Part, ...]) -> Callable[[Reporter], None]:
        self._draft.stop()
        presenter = self._required
        model, shown, stored = presenter.model, presenter.part, presenter.stored

        def work(_: Reporter) -> None:
            if stored.draft:
                presenter.library.keep_draft(model, shown, stored.content)
                check_text(shown, stored.content)
            presenter.save_all(parts)

        return work

    # The models

    def _offer_actions(self) -> None:
        presenter, panel = self._required, self.panel
        panel.delete_action.setEnabled(presenter.model not in SHIPPED_MODELS)
        panel.word_action.setEnabled(presenter.channel is ChannelKind.LETTER)
        panel.discard_action.setEnabled(presenter.stored.draft)
        panel.restore_action.setEnabled(presenter.stored.own)
        panel.take_letter_action.setEnabled(presenter.channel is ChannelKind.EMAIL)

    def _create(self) -> None:
        presenter = self._required
        self.keep()
        combo = self.panel.models
        dialog = NameDialog(self, presenter.model, tuple(combo.itemText(place) for place in range(combo.count())))
        if not dialog.exec():
            return
        name, like = dialog.name, presenter.model

        def created(name: str) -> None:
            self._list_models(name)
            self._open(name, presenter.part)
            self._context.tell(f"Le modèle «\u00a0{name}\u00a0» est créé.")

        self._run(lambda _: presenter.library.create(name, like), created)

    def _delete(self) -> None:
        presenter = self._required
        model = presenter.model
        words = "Ses textes et ses brouillons sont supprimés de ce poste. Ce qui est déjà parti ne change pas."
        if not confirm(self, f"Supprimer le modèle «\u00a0{model}\u00a0»\u00a0?", words, "Supprimer le modèle"):
            return
        self._draft.stop()

        def deleted(_: None) -> None:
            self._list_models(SHIPPED)
            self._open(SHIPPED, presenter.part)
            self._context.tell(f"Le modèle «\u00a0{model}\u00a0» est supprimé.")

        self._run(lambda _: presenter.library.delete(model), deleted)

    def _discard(self) -> None:
        presenter = self._required
        self._draft.stop()
        model, part = presenter.model, presenter.part
        self._run(
            lambda _: presenter.library.discard_draft(model, part),
            lambda stored: self._show(model, part, stored, presenter.model_word),
        )

    def _take_letter(self) -> None:
        """The e-mail becomes a draft in the letter's words."""
        presenter = self._required
        self._draft.stop()
        model, part = presenter.model, presenter.part

        def taken(stored: Stored) -> None:
            self._show(model, part, stored, presenter.model_word)
            self._context.tell("L’e-mail reprend la lettre. «\u00a0Abandonner le brouillon\u00a0» revient en arrière.")

        self._run(lambda _: presenter.taken_from_letter(), taken)

    def _restore(self) -> None:
        presenter = self._required
        words = "Le texte du cabinet est supprimé, et remplacé par celui que WebOrtho fournit."
        if not confirm(self, "Revenir au texte fourni\u00a0?", words, "Revenir au texte fourni"):
            return
        self._draft.stop()
        model, part = presenter.model, presenter.part
        self._run(
            lambda _: presenter.library.restore(model, part),
            lambda text: self._show(model, part, Stored(text), presenter.model_word),
        )

    def _run(self, work: Callable[[Reporter], object], done: Callable[..., None] = lambda _: None) -> None:
        self._context.tasks.run(work, done=done, failed=self._failed, owner=self)

    def _failed(self, trouble: Trouble) -> None:
        self.panel.body.setReadOnly(False)
        self.next.setEnabled(True)
        self.notice.say_trouble(trouble)
