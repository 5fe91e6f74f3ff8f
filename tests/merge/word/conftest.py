"""Word templates made by the tests, merged and read back as a reader of the document would."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.parser import parse_xml
from lxml import etree

from merge.record import MergeRecord
from merge.word.template import read_template
from merge.word.writing import WordReport, WordWriter

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{_W}}}"
NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def xml(text: str) -> etree._Element:
    """An element, with the names that Word uses declared."""
    opening, sign, rest = text.partition(">")
    slash = "/" if opening.endswith("/") else ""
    return parse_xml(f"{opening.removesuffix('/')} {NAMESPACES}{slash}{sign}{rest}")


def run(text: str, looks: str = "") -> str:
    properties = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"


def field_mark(kind: str) -> str:
    """Where a field begins, where its result does ("separate"), or where it ends."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field_code(piece: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>'


def field(*pieces: str) -> str:
    """A field without a result, whose code Word has cut into these pieces."""
    return f"{field_mark('begin')}{''.join(map(field_code, pieces))}{field_mark('end')}"


def simple_field(code: str, shown: str) -> str:
    """A field in one element; `shown` is XML."""
    return f'<w:fldSimple w:instr="{code}">{shown}</w:fldSimple>'


def document(*blocks: str) -> Document:
    """A document of Word's with these blocks as its body."""
    made = docx.Document()
    for block in blocks:
        made.element.body.insert(len(made.element.body) - 1, xml(block))
    return made


def saved(made: Document) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@dataclass(frozen=True)
class Result:
    """A written document."""

    path: Path
    report: WordReport

    def part(self, name: str = "word/document.xml") -> etree._Element:
        with zipfile.ZipFile(self.path) as archive:
            return etree.fromstring(archive.read(name))

    def parts(self) -> list[str]:
        with zipfile.ZipFile(self.path) as archive:
            return archive.namelist()

    def text(self, name: str = "word/document.xml") -> str:
        return text_of(self.part(name))


def text_of(element: etree._Element) -> str:
    """The text of all paragraphs, a line each; text boxes stand in the paragraph that holds them."""
    return "\n".join(line_of(one) for one in element.iter(f"{W}p"))


def line_of(element: etree._Element) -> str:
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    said = (
        (one.text or "") if one.tag == f"{W}t" else signs[one.tag]
        for one in element.iter(f"{W}t", *signs)
        if next(one.iterancestors(f"{W}p")) is element
    )
    return "".join(said)


Merge = Callable[..., Result]


@pytest.fixture
def merge(tmp_path: Path) -> Merge:
    """Merges records into a document and answers what was written."""

    def merge_all(made: Document | bytes, *records: MergeRecord) -> Result:
        writer = WordWriter(read_template(made if isinstance(made, bytes) else saved(made)))
        path = tmp_path / "lettres.docx"
        writer.write(records, path)
        return Result(path, writer.report())

    return merge_all
