"""What the portal shows if nothing changed since a computer last spoke with it: on most nights, all that is asked."""

from cabinet.dossier import Digest
from portal.api.manifest import root_of_digests
from portal.api.shapes import ManifestEntry
from sync.doubts import kept_out
from sync.gathered import Gathered
from sync.journal import PortalMemory


def barred(now: Gathered, memory: PortalMemory) -> frozenset[str]:
    """Numbers that are not to be published: the cabinet hid these patients, or they had themselves erased."""
    return kept_out(memory.not_published, now.fingerprints.keys(), (entry.number for entry in _shown(memory)))


def staying(now: Gathered, memory: PortalMemory) -> tuple[ManifestEntry, ...]:
    """Those whom the portal shows and whose row is refused now: they stay as they were."""
    refused = now.refused.difference(memory.not_published)
    return tuple(entry for entry in _shown(memory) if entry.number in refused) if refused else ()


def expected_root(now: Gathered, memory: PortalMemory) -> Digest:
    """The root of a manifest that holds what was read `now`, and who stays."""
    out = barred(now, memory)
    read = [(number, print_.digest) for number, print_ in now.fingerprints.items() if number not in out]
    return root_of_digests(read + [(entry.number, entry.digest) for entry in staying(now, memory)])


def _shown(memory: PortalMemory) -> tuple[ManifestEntry, ...]:
    return memory.manifest.entries if memory.manifest else ()
