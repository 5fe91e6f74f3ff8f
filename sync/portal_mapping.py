"""The cabinet's mapping as its portal keeps it, for a computer whose configuration names none of its own.

What was fetched is kept beside the journal: a night asks for it again only when the portal's first answer says that
there is a newer one, or when the export cannot be read with the one that is known.
"""

import contextlib
import tempfile
from hashlib import blake2b
from pathlib import Path

import msgspec

from cabinet.errors import MappingError
from cabinet.mapping import Mapping, default_mapping, parse_mapping
from portal.api.documents import DocumentName, SharedDocument
from portal.api.documents_client import DocumentsClient

SHOWN_NAME = "du portail"


class PortalMapping:
    """One cabinet's. Every method raises what `DocumentsClient` does."""

    def __init__(self, client: DocumentsClient, state_dir: Path, portal: str, cabinet: str) -> None:
        self._client = client
        name = blake2b(f"{cabinet}@{portal}".encode(), digest_size=8).hexdigest()
        self._file = state_dir / f"mapping-{name}.json"
        self._known = self._recalled()

    def mapping(self) -> Mapping:
        """The one that is known, or the default where the cabinet never saved one. Raise `MappingError`."""
        document = self._known or self._fetched()
        if document.saved.version == 0:
            return default_mapping()
        try:
            text = document.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise MappingError("Le mapping du portail n’est pas en UTF-8.", "Enregistrez-le de nouveau.") from error
        return parse_mapping(text, SHOWN_NAME)

    def has_moved(self, version: int) -> bool:
        """Whether the portal is at another version than the one that was read with; that one is known from now on."""
        return (self._known is None or self._known.saved.version != version) and self.renew()

    def renew(self) -> bool:
        """Ask for the newest; whether it is another one."""
        former = self._known.saved.version if self._known else None
        return self._fetched().saved.version != former

    def _fetched(self) -> SharedDocument:
        self._known = self._client.document(DocumentName.MAPPING)
        with contextlib.suppress(OSError):  # it is asked for again the next time
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._file.parent, prefix=".mapping-", delete=False) as file:
                file.write(msgspec.json.encode(self._known))
            Path(file.name).replace(self._file)
        return self._known

    def _recalled(self) -> SharedDocument | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=SharedDocument)
        except (OSError, msgspec.DecodeError):
            return None
