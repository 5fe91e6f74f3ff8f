"""Opens a .docx as the untrusted file that it is; what may harm, or is no Word document, is refused by a sentence.

Nothing is unpacked before the archive's own list was held against the limits, no entity is ever resolved, and nothing
is fetched from anywhere (SECURITY.md 11).
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from cabinet.errors import WebOrthoError

MAX_FILE = 20_000_000
MAX_UNPACKED = 100_000_000
MAX_XML = 20_000_000
"""Bytes of one part that is read as XML."""
MAX_ENTRIES = 2_000
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = "[Content_Types].xml"
RELATIONS_END = ".rels"
RELATION_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
"""What the types of relationships begin with."""
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_TEMPLATE_TYPE = MAIN_TYPE.replace("document.main", "template.main")
_STRICT = "://purl.oclc.org/ooxml/"
"""In the names of the form that Word calls strict."""
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Those of ECMA-376, part 2; others fail in ways of their own, or ask for gigabytes to unpack a kilobyte."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "Ouvrez-le dans Word, enregistrez-le au format « Document Word (.docx) », et choisissez ce fichier."
_OWNER = "~$"
"""Begins the name of the file that Word keeps beside an open document: « ~$ttre.docx » beside « lettre.docx »."""
_OTHERS = (
    (b"{\\rtf", "est au format RTF", _SAVE_AS),
    (b"%PDF", "est un PDF", "Choisissez le document Word dont il a été fait."),
)
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


class WordFileError(WebOrthoError):
    """A file that cannot serve as a template."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship (ECMA-376, part 2): what a part calls `id`."""

    id: str
    type: str
    """The last word of its type: `header`, `hyperlink`."""
    target: str
    """A part's name, or an address when `external`."""
    external: bool


@dataclass(frozen=True)
class WordFile:
    """The parts of a .docx by name, as bytes; all of them small enough to be kept."""

    parts: Mapping[str, bytes]
    main: str
    """The name of the part with the text: `word/document.xml`."""

    def relations(self, part: str) -> Iterator[Relation]:
        """What a part refers to."""
        data = self.parts.get(relations_of(part))
        if data is None:
            return
        for one in parse(data):
            external = one.get("TargetMode", "").lower() == "external"
            target = one.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), unquote(target))).lstrip("/")
            yield Relation(one.get("Id", ""), one.get("Type", "").rpartition("/")[2], target, external)

    def related(self, kind: str) -> str | None:
        """The name of the part that the text's part calls by this type of relationship."""
        return next((one.target for one in self.relations(self.main) if one.type == kind), None)


def relations_of(part: str) -> str:
    """The name of a part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def open_word(data: bytes) -> WordFile:
    """The file's parts. Raise `WordFileError` for whatever is not a plain, harmless .docx (or .dotx)."""
    if len(data) > MAX_FILE:
        raise _refused("est trop grand", f"Réduisez ses images : {MAX_FILE // 1_000_000} Mo au plus.")
    for sign, what, todo in _OTHERS:
        if data.startswith(sign):
            raise _refused(what, todo)
    if not data:
        raise _refused("est un fichier vide", "Choisissez une copie qui s’ouvre dans Word.")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _refused("est protégé par un mot de passe", "Retirez le mot de passe dans Word, puis recommencez.")
        raise _refused("est dans l’ancien format de Word (.doc)", _SAVE_AS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise not_word() from error
    return _checked(parts)


def read_word_file(path: Path) -> bytes:
    """The bytes of a file that may be none of Word's. Raise `WordFileError` for one that cannot be read."""
    shown = f"Le modèle «\u00a0{path}\u00a0»"
    if path.name.startswith(_OWNER):
        what = f"«\u00a0{path.name}\u00a0» est un fichier provisoire de Word, pas le document."
        end = path.name[len(_OWNER) :]
        raise WordFileError(what, f"Choisissez le document du même dossier dont le nom finit par «\u00a0{end}\u00a0».")
    if path.is_dir():
        raise WordFileError(f"{shown} est un dossier.", "Choisissez le document Word lui-même.")
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except FileNotFoundError as error:
        raise WordFileError(f"{shown} n’existe pas.", "Vérifiez son nom et son dossier.") from error
    except PermissionError as error:
        raise WordFileError(
            f"{shown} ne peut pas être ouvert\u00a0: un autre programme l’utilise, ou l’accès est refusé.",
            "Fermez-le dans Word, ou demandez l’accès à son dossier, puis recommencez.",
        ) from error
    except OSError as error:
        raise WordFileError(
            f"{shown} ne peut pas être lu.", "Vérifiez que son disque ou le réseau répond, puis recommencez."
        ) from error


def parse(data: bytes) -> etree._Element:
    """XML without entities, DTD or network. Raise `WordFileError` where it is no such XML."""
    if len(data) > MAX_XML:
        raise _refused("est trop grand", "Partagez-le, ou retirez le texte qui n’appartient pas à la lettre.")
    if any(sign in data for sign in _DOCTYPES):
        raise _refused("contient des déclarations interdites (DOCTYPE)", _SAVE_AS)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise not_word() from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("contient des déclarations interdites (DOCTYPE)", _SAVE_AS)
    return root


def written(root: etree._Element) -> bytes:
    """A part's tree as its file has it."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _refused("est démesuré une fois décompressé", "Choisissez un document que Word a enregistré.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused("est protégé par un mot de passe", "Retirez le mot de passe, puis recommencez.")
    if any(entry.compress_type not in _COMPRESSIONS for entry in entries):
        raise not_word()
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or any(".." in name.split("/") or name[:1] == "/" for name in names):
        raise not_word()
    return {entry.filename: archive.read(entry) for entry in entries}


def _checked(parts: dict[str, bytes]) -> WordFile:
    if parts.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument"):
        raise _refused("est au format de LibreOffice (.odt)", _SAVE_AS.replace("Word,", "LibreOffice ou Word,"))
    if TYPES not in parts or "_rels/.rels" not in parts:
        raise not_word()
    main, strict = _main_part(parts)
    if strict:
        raise _refused("est au format « Strict Open XML »", _SAVE_AS)
    types = parse(parts[TYPES])
    kinds = {one.get("PartName", "").lstrip("/"): one.get("ContentType", "") for one in types}
    defaults = {one.get("Extension", "").lower(): one.get("ContentType", "") for one in types}
    kind = kinds.get(main) or defaults.get(main.rpartition(".")[2].lower(), "")
    if "macroEnabled" in kind or any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise _refused("contient des macros", _SAVE_AS)
    if "spreadsheetml" in kind:
        raise _refused("est un classeur Excel", "Choisissez le document Word de la lettre.")
    if kind not in (MAIN_TYPE, _TEMPLATE_TYPE) or main not in parts:
        raise not_word()
    if kind == _TEMPLATE_TYPE:
        for one in types.iter(f"{_CONTENT_TYPES}Override"):
            if one.get("ContentType") == _TEMPLATE_TYPE:
                one.set("ContentType", MAIN_TYPE)
        parts[TYPES] = written(types)
    return WordFile(parts, main)


def _main_part(parts: Mapping[str, bytes]) -> tuple[str, bool]:
    """The text's part, and whether it is written in the strict form, whose names are others."""
    for one in parse(parts["_rels/.rels"]).iter(f"{{{_RELATIONS}}}Relationship"):
        kind = one.get("Type", "")
        if kind.endswith("/officeDocument"):
            return one.get("Target", "").lstrip("/"), _STRICT in kind
    raise not_word()


def _refused(what: str, todo: str) -> WordFileError:
    return WordFileError(f"Ce modèle {what}.", todo)


def not_word() -> WordFileError:
    """A file that is none of Word's, or is damaged."""
    return WordFileError("Ce modèle n’est pas un document Word, ou il est abîmé.", _SAVE_AS)
