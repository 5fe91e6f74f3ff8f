"""What may stand in an address: anything else is simply no address of the portal."""

from django.urls import register_converter

from portal.api.documents import DocumentName


class Digest:
    """16 bytes in hexadecimal: a photo, an image, a run."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Index:
    """A batch or a version; bounded, so that it fits a database's integer."""

    regex = "[0-9]{1,6}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class CabinetCode:
    regex = "[a-z0-9][a-z0-9-]{1,31}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Document:
    """What a cabinet's computers share."""

    regex = "|".join(DocumentName)

    def to_python(self, value: str) -> DocumentName:
        return DocumentName(value)

    def to_url(self, value: DocumentName) -> str:
        return value


def register() -> None:
    """Make them known to `django.urls.path`; once, before any route is made."""
    register_converter(Digest, "digest")
    register_converter(Index, "index")
    register_converter(CabinetCode, "cabinet")
    register_converter(Document, "document")
