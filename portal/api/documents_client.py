"""The portal as the keeper of what a cabinet's computers share (`portal.api.documents`).

Every method raises `PortalUnreachable`, `PortalRefused` or `DeviceRefused`, and may be repeated.
"""

from portal.api.conversation import Conversation, get, sending
from portal.api.documents import DocumentName, SavedDocument, SaveDocument, SharedDocument, SharedDocuments

CONFLICT = "document-conflict"
"""Kind of the refusal of a document that was made from a version which is no longer the newest."""


class DocumentsClient(Conversation):
    """One device and what it shares."""

    def documents(self) -> dict[DocumentName, SavedDocument]:
        """Those that were ever saved and that this program knows, without what is in them."""
        saved = {one.name: one for one in self._ask(get("/documents"), SharedDocuments).documents}
        return {name: saved[name] for name in DocumentName if name in saved}

    def document(self, name: DocumentName) -> SharedDocument:
        """The newest version; version 0 and nothing before the first."""
        return self._ask(get(f"/documents/{name}"), SharedDocument)

    def save(self, name: DocumentName, content: bytes, base_version: int) -> SavedDocument:
        """Needs the practitioner's role; refused as `CONFLICT` when `base_version` is no longer the newest."""
        return self._ask(sending("PUT", f"/documents/{name}", SaveDocument(base_version, content)), SavedDocument)
