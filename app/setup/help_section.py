"""Réglages, Assistance: the version, the folders, the log, and a diagnostic to send."""

import datetime as dt
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from app.screen import Context
from app.setup.diagnostic import log_file, write_diagnostic
from app.setup.section import Section, fact
from app.widgets.buttons import secondary
from app.widgets.elided import ElidedLabel
from app.widgets.labels import label
from app.widgets.pill import Kind
from cabinet.version import VERSION


class HelpSection(Section):
    title = "Assistance"
    saves = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        desk = context.desk
        for name, value in (
            ("Version", label(f"WebOrtho {VERSION}")),
            ("Configuration", ElidedLabel(str(desk.config_file))),
            ("Journal et brouillons", ElidedLabel(str(desk.state_dir))),
        ):
            self.body.addWidget(fact(name, value))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.folder = secondary("Ouvrir le dossier", "folder-open")
        self.folder.clicked.connect(lambda: self._open(desk.state_dir))
        self.log = secondary("Ouvrir le journal", "file-text")
        self.log.clicked.connect(self._open_log)
        self.export = secondary("Exporter un diagnostic…", "export")
        self.export.clicked.connect(self._pick)
        for button in (self.folder, self.log, self.export):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(
            label(
                "Le diagnostic contient les versions, les réglages sans mot de passe, les dernières synchronisations "
                "et le journal. Il ne nomme aucun patient.",
                "quiet",
                wrap=True,
            )
        )
        self.body.addStretch(1)

    def load(self) -> None:
        if words := self.context.desk.config.newer_words:
            self.notice.say(Kind.ALERT, words, "Mettez WebOrtho à jour sur ce poste.")

    def export_to(self, path: Path) -> None:
        desk = self.context.desk
        self.work(
            lambda _: write_diagnostic(desk, path, dt.datetime.now().astimezone()),
            "Écriture du diagnostic…",
            lambda _: self.notice.say(Kind.OK, f"Le diagnostic est dans {path}.", "Envoyez-le à votre assistance."),
        )

    def _pick(self) -> None:
        name = f"diagnostic-webortho-{dt.datetime.now().astimezone():%Y-%m-%d}.txt"
        picked, _ = QFileDialog.getSaveFileName(
            self, "Exporter un diagnostic", str(Path.home() / name), "Texte (*.txt)"
        )
        if picked:
            self.export_to(Path(picked))

    def _open_log(self) -> None:
        log = log_file(self.context.desk.state_dir)
        if log.exists():
            self._open(log)
        else:
            self.notice.say(Kind.INFO, "Le journal est encore vide\u00a0: rien n’a échoué sur ce poste.")

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.notice.say(Kind.ALERT, "Ce poste n’a pas su l’ouvrir.", f"Ouvrez vous-même {path}.")
