"""What the Portail screen asks the portal and the disk for, off the interface's thread, and what it then shows."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.board import Published
from app.errors import Trouble, trouble_of
from app.portal_editor import publishing
from app.portal_editor.draft import Draft
from app.portal_editor.draft_store import DraftStore
from app.portal_editor.images import ReadyImage
from app.portal_editor.pages import Surroundings, example_patient, local_now, make_ready
from app.portal_editor.presenter import Presenter
from app.portal_editor.publishing import Result
from app.portal_editor.risk import measured
from app.portal_editor.strip import NOT_A_PRACTITIONER
from app.screen import Context
from app.widgets.pill import Kind
from cabinet.dossier import Dossier
from portal.pages.settings import PortalSettings

if TYPE_CHECKING:
    from app.portal_editor.view import PortalScreen

KEPT = "Votre brouillon est gardé sur ce poste."
RETRY = "Réessayer"
SHOW_DETAIL = "Voir le détail"


class Errands(QObject):
    """One for each screen. What comes back late is dropped when the screen is gone."""

    def __init__(self, context: Context, screen: "PortalScreen", presenter: Presenter, store: DraftStore) -> None:
        super().__init__(screen)
        self._context = context
        self._screen = screen
        self._presenter = presenter
        self._store = store
        self._pictures: dict[str, str] = {}
        """Digest -> data: address; "" while it is on its way or not to be had."""
        self._wanted = ""
        """A patient's number that was asked for before the export was read."""
        self._has_chosen = False
        self._retry = self.publish
        self.is_publishing = False
        self.codes: dict[str, Collection[str]] = {}

    def start(self) -> None:
        """Follow what the application knows. What it knows already is shown when the screen is."""
        board = self._context.board
        board.settings_changed.connect(self._on_published)
        board.reading_changed.connect(self._on_reading)
        board.identity_changed.connect(self._on_identity)
        board.overview_changed.connect(self._renew_around)
        board.troubled.connect(self._on_trouble)
        self._screen.notice.acted.connect(self._act)
        if board.published is not None:
            self._learn_published(board.published)
        if board.reading is not None:
            self._learn_reading()
        panel = self._screen.panel
        panel.hold()
        self._context.tasks.run(
            lambda _: make_ready(), done=lambda _: panel.release(), failed=lambda _: panel.release(), owner=self
        )

    def ask_what_is_missing(self) -> None:
        board = self._context.board
        if board.reading is None:
            board.refresh_reading()
        if board.identity is None:
            board.refresh_identity()
        # Another computer may have published since.
        board.refresh_settings()

    def _act(self) -> None:
        """The notice's button."""
        self._retry()

    def _renew_around(self) -> None:
        self._screen.panel.show_around(self.surroundings())

    def save(self) -> None:
        """Keep the draft on this computer's disk."""
        try:
            self._presenter.save()
        except OSError as error:
            self._screen.notice.say_trouble(trouble_of(error))

    # Publishing

    def publish(self) -> None:
        """Publish the draft, or say what has to be put right first and go there."""
        screen, presenter = self._screen, self._presenter
        board = self._context.board
        if self.is_publishing or not presenter.changes:
            return
        if board.identity is not None and not board.is_practitioner:
            screen.notice.say(Kind.INFO, NOT_A_PRACTITIONER)
            return
        if presenter.draft.undecided:
            screen.show_detail()
            return
        problems = presenter.problems()
        if problems:
            first = problems[0]
            screen.notice.say(Kind.ERROR, "Rien n’est publié.", " ".join(each.sentence for each in problems))
            screen.form.say_wrong(first.item, first.sentence)
            screen.focus_on(first.item)
            return
        self.save()
        sent = presenter.draft
        self.is_publishing = True
        screen.notice.hide()
        screen.refresh()
        self._context.tasks.run(
            lambda reporter: publishing.publish(self._context.desk, self._store, sent, reporter.cancel),
            done=lambda result: self._published(sent, result),
            failed=self._not_published,
            owner=self,
        )

    def _published(self, sent: Draft, result: Result) -> None:
        self.is_publishing = False
        board = self._context.board
        if result.conflict:
            self._take_over(result.version, result.settings)
        else:
            self._presenter.was_published(sent.settings, result.version, result.settings)
            self._context.tell(f"Publié\u00a0: les patients voient la version {result.version}.")
        self.save()
        self._screen.refresh()
        board.refresh_settings()
        board.refresh_overview()

    def _not_published(self, trouble: Trouble) -> None:
        self.is_publishing = False
        self._retry = self.publish
        told = Trouble(trouble.what, f"{trouble.todo} {KEPT}".strip(), offline=trouble.offline, refused=trouble.refused)
        if not trouble.cancelled:
            self._screen.notice.say_trouble(told, RETRY)
        self._screen.refresh()

    # What the portal shows

    def _on_published(self) -> None:
        published = self._context.board.published
        if published is not None and not self.is_publishing:
            self._learn_published(published)
            self._screen.refresh()

    def _learn_published(self, published: Published) -> None:
        self._take_over(published.version, published.settings)
        self.save()
        self._fetch_pictures()

    def _take_over(self, version: int, settings: PortalSettings) -> None:
        sentence = self._presenter.published_is(version, settings)
        if not sentence:
            return
        self._retry = self._show_detail
        self._screen.notice.say(Kind.ALERT, sentence, KEPT, SHOW_DETAIL)

    def _show_detail(self) -> None:
        self._screen.show_detail()

    def _on_trouble(self, subject: str, trouble: object) -> None:
        if subject == "settings" and isinstance(trouble, Trouble) and not self._presenter.is_ready:
            self._screen.empty.say(trouble.sentence, RETRY)
            self._screen.refresh()

    def ask_versions(self) -> None:
        versions = self._screen.versions
        versions.notice.hide()
        versions.busy.begin("Lecture des versions…")
        self._context.tasks.run(
            lambda reporter: publishing.versions(self._context.desk, reporter.cancel),
            done=lambda found: versions.show_versions(found, self._presenter.draft.version),
            failed=self._no_versions,
            owner=self,
        )

    def ask_version(self, number: int) -> None:
        """Show a version of the past in the preview."""

        def came(settings: PortalSettings) -> None:
            if self._screen.versions.current == number and self._screen.versions.isVisible():
                self._screen.look_at(settings)
                self._fetch_pictures(settings)

        self._context.tasks.run(
            lambda reporter: publishing.version(self._context.desk, number, reporter.cancel),
            done=came,
            failed=self._no_versions,
            owner=self,
        )

    def _no_versions(self, trouble: Trouble) -> None:
        self._screen.versions.busy.end()
        self._screen.versions.notice.say_trouble(trouble)

    # Pictures

    def choose_picture(self, item: str, path: str) -> None:
        """A file from this computer becomes the logo or the access map of the draft."""

        def ready(made: tuple[str, ReadyImage]) -> None:
            digest, image = made
            self._pictures[digest] = publishing.as_address(image.content)
            self._screen.form.say_picture(digest, image.sentence)
            self._presenter.set_value(item, digest)
            self._renew_around()
            self._screen.changed()

        self._context.tasks.run(
            lambda _: publishing.choose_image(self._context.desk, self._store, Path(path), item),
            done=ready,
            failed=self._screen.notice.say_trouble,
            owner=self,
        )

    def _fetch_pictures(self, settings: PortalSettings | None = None) -> None:
        """Those that the draft, or a version that is looked at, names and that are not here yet."""
        shown = settings or (self._presenter.settings if self._presenter.is_ready else None)
        if shown is not None:
            for name in publishing.IMAGES:
                self._fetch(getattr(shown, name))

    def _fetch(self, digest: str) -> None:
        if not digest or digest in self._pictures:
            return
        self._pictures[digest] = ""

        def came(address: str) -> None:
            self._pictures[digest] = address
            self._renew_around()

        self._context.tasks.run(
            lambda reporter: publishing.picture(self._context.desk, self._store, digest, reporter.cancel),
            done=came,
            owner=self,
        )

    # The patient that the preview shows

    def show_number(self, number: str) -> None:
        """The patient of that number, now or once the export is read."""
        dossier = self._context.board.dossiers.get(number)
        if dossier is None:
            self._wanted = number
            return
        self.show_patient(dossier)

    def show_patient(self, dossier: Dossier) -> None:
        self._wanted = ""
        self._has_chosen = True
        self._screen.panel.show_patient(dossier)
        self._renew_around()
        self._fetch_photo(dossier.photo_digest)

    def surroundings(self) -> Surroundings:
        """What the pages are made with, as the portal would have it now."""
        board = self._context.board
        zone = board.identity.time_zone if board.identity else ""
        as_of = board.overview.as_of if board.overview else None
        settings = self._screen.looked_at or (self._presenter.settings if self._presenter.is_ready else None)
        panel = getattr(self._screen, "panel", None)
        return Surroundings(
            cabinet_code=self._context.desk.config.cabinet,
            cabinet_name=board.identity.cabinet_name if board.identity else "",
            now=local_now(dt.datetime.now(dt.UTC), zone),
            as_of=local_now(as_of, zone) if as_of else None,
            photo=self._pictures.get(panel.dossier.photo_digest, "") if panel else "",
            logo=self._pictures.get(settings.logo_digest, "") if settings else "",
            access_image=self._pictures.get(settings.access_image_digest, "") if settings else "",
        )

    def _on_identity(self) -> None:
        self._renew_around()
        self._screen.refresh()

    def _on_reading(self) -> None:
        self._learn_reading()
        self._screen.refresh()

    def _learn_reading(self) -> None:
        dossiers = self._context.board.dossiers
        self._screen.panel.picker.show_dossiers(dossiers)
        found = [each for dossier in dossiers.values() for each in dossier.appointments]
        self.codes = {
            "kind_names": {each.kind for each in found},
            "practitioner_names": {each.practitioner for each in found},
        }
        self._screen.form.show_risk(measured(dossier.patient.birth_date for dossier in dossiers.values()))
        if self._wanted in dossiers:
            self.show_patient(dossiers[self._wanted])
        elif not self._has_chosen:
            self.show_patient(example_patient(dossiers))
            self._has_chosen = False

    def _fetch_photo(self, digest: str) -> None:
        reading = self._context.board.reading
        path = reading.photos.get(digest) if reading else None
        if path is None or digest in self._pictures:
            return
        self._pictures[digest] = ""

        def came(address: str) -> None:
            self._pictures[digest] = address
            self._renew_around()

        self._context.tasks.run(lambda _: publishing.patient_photo(path), done=came, owner=self)
