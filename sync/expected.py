"""What the portal shows if nothing changed since a computer last spoke with it: on most nights, all that is asked."""

from collections.abc import Collection

from cabinet.dossier import Digest
from portal.api.manifest import root_of_digests
from portal.api.shapes import ManifestEntry
from sync.doubts import kept_out
from sync.gathered import Gathered
from sync.journal import PortalMemory


def barred(now: Gathered, memory: PortalMemory, confirmed: Collection[str] = ()) -> frozenset[str]:
    """Numbers that are not to be published: the cabinet hid these patients, or they had themselves erased.

    `confirmed` ones are somebody else's (`sync.doubts.kept_out`).
    """
    shown = (entry.number for entry in _shown(memory))
    return kept_out(memory.not_published, now.fingerprints.keys(), shown, confirmed)


def staying(now: Gathered, memory: PortalMemory) -> tuple[ManifestEntry, ...]:
    """Those whom the portal shows and whose row is refused now: they stay as they were."""
    refused = now.refused.difference(memory.not_published)
    return tuple(entry for entry in _shown(memory) if entry.number in refused) if refused else ()


def expected_root(now: Gathered, memory: PortalMemory, confirmed: Collection[str] = ()) -> Digest:
    """The root of a manifest that holds what was read `now`, and who stays; `confirmed` as for `barred`."""
    out = barred(now, memory, confirmed)
    read = [(number, print_.digest) for number, print_ in now.fingerprints.items() if number not in out]
    return root_of_digests(read + [(entry.number, entry.digest) for entry in staying(now, memory)])


def _shown(memory: PortalMemory) -> tuple[ManifestEntry, ...]:
    return memory.manifest.entries if memory.manifest else ()
