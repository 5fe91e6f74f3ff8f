"""The cabinet's mapping as its portal keeps it, for a computer whose configuration names none of its own.

What was fetched is kept beside the journal: a night asks for it again only when the portal's first answer says that
there is a newer one, or when the export cannot be read with the one that is known.
"""

import contextlib
from hashlib import blake2b
from pathlib import Path

import msgspec

from cabinet.errors import MappingError
from cabinet.mapping import Mapping, default_mapping, parse_mapping
from portal.api.documents import DocumentName, SharedDocument
from portal.api.documents_client import DocumentsClient
from sync.replaced_file import replace_file

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
        return _parsed(self._known or self._fetched())

    def has_moved(self, version: int) -> bool:
        """Whether the portal is at another version than the one that was read with; that one is known from now on."""
        return (self._known is None or self._known.saved.version != version) and self.renew()

    def renew(self) -> bool:
        """Ask for the newest; whether it is another one.

        Raise `MappingError` for one with a query or a folder of photos that this computer did not use before: another
        computer, or a thief with its token, would have this one read what nobody here chose.
        """
        former = self._known
        document = self._client.document(DocumentName.MAPPING)
        if former is not None and _parsed(document).reaches - _parsed(former).reaches:
            raise MappingError(
                "Le contenu de l’export a été modifié sur un autre poste, avec une requête ou un dossier de photos que "
                "ce poste n’utilisait pas. Rien n’a été lu.",
                "Vérifiez que ce changement vient du cabinet, puis ouvrez WebOrtho sur ce poste, qui le reprendra.",
            )
        self._remember(document)
        return former is None or document.saved.version != former.saved.version

    def _fetched(self) -> SharedDocument:
        document = self._client.document(DocumentName.MAPPING)
        self._remember(document)
        return document

    def _remember(self, document: SharedDocument) -> None:
        self._known = document
        with contextlib.suppress(OSError):  # it is asked for again the next time
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._file, (msgspec.json.encode(document),))

    def _recalled(self) -> SharedDocument | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=SharedDocument)
        except (OSError, msgspec.DecodeError):
            return None


def _parsed(document: SharedDocument) -> Mapping:
    if document.saved.version == 0:
        return default_mapping()
    try:
        text = document.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingError("Le mapping du portail n’est pas en UTF-8.", "Enregistrez-le de nouveau.") from error
    return parse_mapping(text, SHOWN_NAME)
