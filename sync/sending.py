"""What a plan publishes, on its way to the portal: photos one by one, dossiers in batches."""

from collections.abc import Callable
from pathlib import Path

from cabinet.errors import WebOrthoError
from cabinet.photos import PhotoRefused, web_photo
from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Place, Severity
from portal.api.client import PortalClient
from portal.api.errors import PortalRefused
from portal.api.nights import Phase
from sync.gathered import Gathered, batches
from sync.plan import Plan
from sync.streaming import Staged

PHOTO_KINDS = frozenset({"bad-image", "too-large"})
"""Kinds of refusals of one photo: its dossier is published without it, and the report says so."""


class Sending:
    """To one portal. `step` is told how many of how many are done, and raises where the run is stopped."""

    def __init__(self, client: PortalClient, step: Callable[[Phase, int, int], None]) -> None:
        self._client = client
        self._step = step
        self.photos_sent = 0

    def photos(self, run: str, now: Gathered, plan: Plan, refused: Callable[[ProblemGroup], None]) -> None:
        """Those that the portal has not. One that cannot be shown is `refused`, and does not stop the others."""
        wanted = self._client.photos_wanted(run, plan.photos) if plan.photos else ()
        for sent, digest in enumerate(wanted):
            self._step(Phase.PHOTOS, sent, len(wanted))
            path = now.photos[digest]
            try:
                self._client.put_photo(digest, web_photo(path), "image/jpeg")
            except PhotoRefused as refusal:
                refused(_unusable(path, refusal))
            except PortalRefused as refusal:
                if refusal.kind not in PHOTO_KINDS:
                    raise
                refused(_unusable(path, refusal))
            else:
                self.photos_sent += 1

    def batches(self, run: str, now: Gathered, plan: Plan, staged: Staged) -> int:
        """How many batches there are, numbered from 0.

        What was `staged` meanwhile counts where all of it is to be published still; else these batches take its place.
        """
        if staged.run != run or not staged.numbers.issubset(plan.published):
            staged = Staged()
        numbers = [number for number in plan.published if number not in staged.numbers]
        sent, count = len(plan.published) - len(numbers), staged.batches
        for batch in batches(now, numbers):
            self._step(Phase.SEND, sent, len(plan.published))
            self._client.put_batch(run, count, batch)
            sent += len(batch.entries)
            count += 1
        return count


def _unusable(photo: Path, refusal: WebOrthoError) -> ProblemGroup:
    sentence = f"Le dossier est publié sans la photo {photo.name}. {refusal}"
    return ProblemGroup("unusable-photo", Severity.WARNING, 1, (Place(photo.name),), sentence)
