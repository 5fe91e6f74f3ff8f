"""The assistant's steps about the cabinet's data: where they are, and which column is what."""

from pathlib import Path

import msgspec

from app.errors import Trouble
from app.first_run.draft import Draft
from app.first_run.page import Journey, Page
from app.setup import mapping_files, source
from app.setup.columns_dialog import ColumnsDialog
from app.setup.path_field import mapping_field
from app.setup.preview import Preview
from app.setup.recognition import Recognition
from app.setup.source import Look
from app.setup.source_field import SourceField
from app.tasks import Reporter
from app.widgets.buttons import secondary
from app.widgets.pill import Kind
from cabinet.sources.location import Location
from sync.config import keep_source_password, read_config, write_config
from sync.wording import counted


class SourcePage(Page):
    def __init__(self, journey: Journey) -> None:
        super().__init__(
            journey,
            "Choisir l’export du cabinet",
            "Indiquez où le logiciel du cabinet écrit ses données. WebOrtho les lit et n’y change rien.",
        )
        self.field = SourceField()
        self.column.addWidget(self.field)
        self.column.addWidget(self.busy)
        self.column.addStretch(1)

    def enter(self) -> None:
        draft = self.journey.draft
        self.field.show_source(draft.source, is_read=draft.reads_source)
        self.field.focus_entry()
        if draft.taken:
            self.notice.say(Kind.OK, draft.taken, "Il reste à dire où ce poste voit l’export.")

    def keep(self) -> Draft:
        return msgspec.structs.replace(self.journey.draft, source=self.field.text, reads_source=not self.field.is_none)

    def proceed(self) -> None:
        if self.field.is_none:
            self._leave_to_others()
            return
        text, password = self.field.checked(), self.field.typed_password
        if not text:
            return
        path = self.journey.config_file

        def work(_: Reporter) -> None:
            # Only whether it is there: a network share answers in its own time.
            config = msgspec.structs.replace(read_config(path), source=text)
            source.open_once(source.located(config, path.parent, password))
            if password:
                keep_source_password(config, path.parent, password)

        self.work(work, "Ouverture de l’export…", lambda _: self.passed.emit())

    def _leave_to_others(self) -> None:
        path = self.journey.config_file

        def work(_: Reporter) -> None:
            write_config(msgspec.structs.replace(read_config(path), source="", reads_source=False), path)

        self.work(work, "Enregistrement…", lambda _: self.passed.emit())


class ColumnsPage(Page):
    def __init__(self, journey: Journey) -> None:
        super().__init__(
            journey,
            "Vérifier ce qui sera publié",
            "Voici les premières lignes, telles que les patients les liront. Si les colonnes de votre export portent "
            "d’autres noms, WebOrtho les reconnaît et vous les montre.",
        )
        self.mapping = mapping_field()
        self.recognise = secondary("Reconnaître les colonnes", "magic-wand")
        self.recognise.clicked.connect(self._recognise)
        self.verify = secondary("Relire l’export", "arrows-clockwise")
        self.verify.clicked.connect(lambda: self._look(proceed=False))
        self.preview = Preview()
        self.column.addWidget(self.mapping)
        self.mapping.add(self.recognise)
        self.mapping.add(self.verify)
        self.column.addWidget(self.busy)
        self.column.addWidget(self.preview, 1)
        self.mapping.edit.textChanged.connect(lambda _: self._forget())
        self.notice.acted.connect(self._recognise)
        self.looked: Look | None = None
        self.dialog: ColumnsDialog | None = None
        self._recognised: tuple[Location, Recognition] | None = None
        """What was decided in the window of the columns, for which source."""

    def enter(self) -> None:
        self.mapping.show_path(self.journey.draft.mapping)
        self._forget()
        self._look(proceed=False)

    def keep(self) -> Draft:
        return msgspec.structs.replace(self.journey.draft, mapping=self.mapping.path)

    def proceed(self) -> None:
        if self.looked is None:
            self._look(proceed=True)
        else:
            self._chosen()

    def failed(self, trouble: Trouble) -> None:
        if trouble.cancelled or self.mapping.path:
            super().failed(trouble)
        else:
            # Without a mapping it was read as the example is: files of other names are no fault.
            self.notice.say(
                Kind.INFO,
                "Cet export a ses propres noms de tables ou de colonnes.",
                f"Faites-les reconnaître, puis vérifiez. ({trouble.what})",
                "Reconnaître les colonnes",
            )
            self.notice.button.setFocus()

    def _forget(self) -> None:
        self.looked = None
        self.preview.clear("Relisez l’export pour voir ses premières lignes.")

    def _look(self, *, proceed: bool) -> None:
        mapping = Path(self.mapping.path) if self.mapping.path else None
        location = self._location

        def done(look: Look) -> None:
            self.looked = look
            self.preview.show_look(look)
            if look.problem_count:
                self.notice.say(
                    Kind.ALERT,
                    f"{counted(look.problem_count, 'problème trouvé', 'problèmes trouvés')} dans l’export.",
                    "Ce qui est lisible sera publié\u00a0; le reste attend d’être corrigé.",
                )
            if proceed:
                self._chosen()

        self.work(lambda _: source.look(location(), mapping), "Lecture de l’export…", done)

    def _recognise(self) -> None:
        self.work(lambda _: self._location(), "Ouverture de l’export…", self._open_dialog)

    def _open_dialog(self, location: Location) -> None:
        before = self._recognised[1] if self._recognised and self._recognised[0] == location else None
        dialog = ColumnsDialog(location, self.journey.config_file.parent, self.journey.tasks, before, self.window())
        self.dialog = dialog

        def written(path: str) -> None:
            if dialog.recognition is not None:
                self._recognised = (location, dialog.recognition)
            self.mapping.show_path(path)
            self._forget()
            self._look(proceed=False)

        dialog.written.connect(written)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _location(self) -> Location:
        """Slow: a database's password is in the secret store."""
        path = self.journey.config_file
        return source.located(msgspec.structs.replace(read_config(path), source=self.journey.draft.source), path.parent)

    def _chosen(self) -> None:
        path = self.journey.config_file
        text, mapping = self.journey.draft.source, self.mapping.path

        def write(_: Reporter) -> None:
            config = msgspec.structs.replace(read_config(path), source=text, mapping=mapping, reads_source=True)
            write_config(config, path)
            mapping_files.tidy(path.parent, mapping)

        self.work(write, "Enregistrement…", lambda _: self.passed.emit())
