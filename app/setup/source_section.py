"""Réglages, Source: the export's folder, its mapping, and a look at what they give before they are kept."""

import msgspec
from PySide6.QtWidgets import QHBoxLayout

from app.screen import Context
from app.setup import source
from app.setup.path_field import PathField
from app.setup.preview import Preview
from app.setup.section import Section
from app.setup.source import Look
from app.tasks import Reporter
from app.widgets.buttons import secondary
from app.widgets.pill import Kind
from sync.config import read_config, write_config


class SourceSection(Section):
    title = "Source"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.folder = PathField("Dossier de l’export", "WebOrtho le lit et n’y change rien.")
        self.mapping = PathField(
            "Fichier de mapping (facultatif)", "Dit quelle colonne est quoi.", pattern="Mapping (*.toml)"
        )
        self.verify = secondary("Vérifier la source", "check-circle")
        self.verify.clicked.connect(self._verify)
        self.preview = Preview()
        paths = QHBoxLayout()
        paths.setSpacing(16)
        paths.addWidget(self.folder, 1)
        paths.addWidget(self.mapping, 1)
        self.body.addLayout(paths)
        row = QHBoxLayout()
        row.addWidget(self.verify)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.preview, 1)
        for field in (self.folder, self.mapping):
            field.edit.textChanged.connect(self._typed)

    def load(self) -> None:
        config = self.context.desk.config

        def fill() -> None:
            self.folder.show_path(config.source)
            self.mapping.show_path(config.mapping)

        self.filling(fill)
        self.folder.field.say_wrong("")
        self.preview.clear()
        self.notice.hide()

    def save(self) -> None:
        """Only what can be read is kept: the night's run would find it unreadable."""
        self._look(keep=True)

    def _typed(self) -> None:
        self.preview.clear()
        self.edited()

    def _verify(self) -> None:
        self._look(keep=False)

    def _look(self, *, keep: bool) -> None:
        folder, mapping = self.folder.path, self.mapping.path
        self.folder.field.say_wrong("" if folder else "Indiquez le dossier de l’export, ou parcourez pour le choisir.")
        if not folder:
            return
        base = self.context.desk.base

        def work(_: Reporter) -> Look:
            return source.look(base / folder, base / mapping if mapping else None)

        def well(look: Look) -> None:
            self.preview.show_look(look)
            self._tell(look)
            if keep:
                self._keep()

        self.work(work, "Lecture de l’export…", well)

    def _tell(self, look: Look) -> None:
        if look.problem_count:
            self.notice.say(Kind.ALERT, f"Export lu, {look.problem_words} à corriger.", "Voyez l’onglet Problèmes.")
        else:
            self.notice.say(Kind.OK, "Export lu en entier, sans problème.")

    def _keep(self) -> None:
        desk = self.context.desk
        folder, mapping = self.folder.path, self.mapping.path

        def work(_: Reporter) -> None:
            config = msgspec.structs.replace(read_config(desk.config_file), source=folder, mapping=mapping)
            write_config(config, desk.config_file)

        def well(_: None) -> None:
            desk.config = read_config(desk.config_file)
            self.saved("La source est enregistrée.")
            self.context.board.refresh_reading()

        self.work(work, "Enregistrement…", well)
