"""Réglages, Source: where the export is, its mapping, and a look at what they give before they are kept."""

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.screen import Context
from app.setup import mapping_files, source
from app.setup.columns_dialog import ColumnsDialog
from app.setup.path_field import mapping_field
from app.setup.preview import Preview
from app.setup.recognition import Recognition
from app.setup.section import Section
from app.setup.source import Look
from app.setup.source_field import SourceField
from app.tasks import Reporter
from app.widgets.buttons import secondary
from app.widgets.pill import Kind
from cabinet.sources.location import Location
from sync.config import keep_source_password, read_config, write_config


class SourceSection(Section):
    title = "Source"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.field = SourceField()
        self.mapping = mapping_field()
        self.recognise = secondary("Reconnaître les colonnes", "magic-wand")
        self.recognise.clicked.connect(self._recognise)
        self.verify = secondary("Vérifier la source", "check-circle")
        self.verify.clicked.connect(self._verify)
        self.preview = Preview()
        self._looks = QWidget()
        row = QHBoxLayout(self._looks)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.recognise)
        row.addWidget(self.verify)
        row.addStretch(1)
        self.body.addWidget(self.field)
        self.body.addWidget(self.mapping)
        self.body.addWidget(self._looks)
        self.body.addWidget(self.preview, 1)
        self.field.edited.connect(self._typed)
        self.mapping.edit.textChanged.connect(self._typed)
        self.dialog: ColumnsDialog | None = None
        self._recognised: tuple[Location, Recognition] | None = None
        """What was decided in the window of the columns, for which source."""

    def load(self) -> None:
        config = self.context.desk.config

        def fill() -> None:
            self.field.show_source(config.source, is_read=config.reads_source)
            self.mapping.show_path(config.mapping)

        self.filling(fill)
        self._show_reading()
        self.preview.clear()
        self.notice.hide()

    def save(self) -> None:
        """Only what can be read is kept: the night's run would find it unreadable."""
        if self.field.is_none:
            self._keep()
        else:
            self._look(keep=True)

    def _typed(self) -> None:
        self.preview.clear()
        self._show_reading()
        self.edited()

    def _show_reading(self) -> None:
        """What is about an export only where one is read."""
        self.mapping.setVisible(not self.field.is_none)
        self._looks.setVisible(not self.field.is_none)
        self.preview.setVisible(not self.field.is_none)

    def _verify(self) -> None:
        self._look(keep=False)

    def _look(self, *, keep: bool) -> None:
        mapping = self.mapping.path
        located = self._located()
        if located is None:
            return
        base = self.context.desk.base

        def work(_: Reporter) -> Look:
            return source.look(located(), base / mapping if mapping else None)

        def well(look: Look) -> None:
            self.preview.show_look(look)
            self._tell(look)
            if keep:
                self._keep()
            elif not self.is_dirty:
                # Of what is kept: where it could not be read before, the other screens wait for it.
                self.context.board.refresh_reading()

        self.work(work, "Lecture de l’export…", well)

    def _located(self) -> Callable[[], Location] | None:
        """What finds the source that is typed (slow: its password is in the secret store); None where none is."""
        text, password = self.field.checked(), self.field.typed_password
        desk = self.context.desk
        return partial(source.located, replace(desk.config, source=text), desk.base, password) if text else None

    def _recognise(self) -> None:
        if located := self._located():
            self.work(lambda _: located(), "Ouverture de l’export…", self._open_dialog)

    def _open_dialog(self, location: Location) -> None:
        before = self._recognised[1] if self._recognised and self._recognised[0] == location else None
        dialog = ColumnsDialog(location, self.context.desk.base, self.context.tasks, before, self.window())
        self.dialog = dialog

        def written(path: str) -> None:
            if dialog.recognition is not None:
                self._recognised = (location, dialog.recognition)
            self.mapping.show_path(path)
            self._look(keep=False)

        dialog.written.connect(written)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell(self, look: Look) -> None:
        if look.problem_count:
            self.notice.say(Kind.ALERT, f"Export lu, {look.problem_words} à corriger.", "Voyez l’onglet Problèmes.")
        else:
            self.notice.say(Kind.OK, "Export lu en entier, sans problème.")

    def _keep(self) -> None:
        desk = self.context.desk
        text, password, mapping = self.field.text, self.field.typed_password, self.mapping.path
        is_read = not self.field.is_none

        def work(_: Reporter) -> None:
            config = replace(read_config(desk.config_file), source=text, mapping=mapping, reads_source=is_read)
            write_config(config, desk.config_file)
            mapping_files.tidy(desk.base, mapping)
            if password:
                keep_source_password(config, desk.base, password)

        def well(_: None) -> None:
            desk.config = read_config(desk.config_file)
            if self._recognised:
                self._recognised[1].kept()
            self.saved("La source est enregistrée." if is_read else "Ce poste ne lira pas l’export.")
            self.context.board.refresh_reading()

        self.work(work, "Enregistrement…", well)
