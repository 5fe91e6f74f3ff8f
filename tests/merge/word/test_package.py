"""Files that people choose as templates: what is no harmless Word document is refused by a sentence, at once."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from merge.letters.qr_png import qr_png
from merge.word.package import MAX_FILE, MAX_UNPACKED, WordFileError, open_word, read_word_file
from merge.word.template import load_template, read_template
from tests.merge.conftest import RecordMaker
from tests.merge.word.conftest import Merge, document, paragraph, run, saved, xml

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
Change = Callable[[str, bytes], tuple[str, bytes] | None]
PLAIN = saved(document(paragraph(run("@PPREN"))))


def changed(change: Change, *more: tuple[str, bytes]) -> bytes:
    """The plain document with each part as `change` wants it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if (part := change(name, source.read(name))) is not None:
                target.writestr(*part)
        for part in more:
            target.writestr(*part)
    return made.getvalue()


def in_part(part: str, old: bytes, new: bytes) -> bytes:
    return changed(lambda name, data: (name, data.replace(old, new) if name == part else data))


def same(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data


TYPES = "[Content_Types].xml"
MAIN = b"wordprocessingml.document.main+xml"
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document '
OUTSIDE = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><w:document '
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def bomb() -> bytes:
    """A hundred megabytes and more of nothing, in a few hundred kilobytes."""
    return changed(same, ("word/media/image9.bmp", bytes(MAX_UNPACKED + 1)))


def lying_bomb() -> bytes:
    """The same, whose list says that it is small."""
    data = bytearray(bomb())
    size = struct.pack("<L", MAX_UNPACKED + 1)
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = struct.pack("<L", 1000)
    return bytes(data)


def with_picture(called: Callable[[str], str | None]) -> bytes:
    """A document with a picture, whose part is `called` something else, or is not there."""
    made = document(paragraph(run("@PPREN")))
    made.add_picture(io.BytesIO(qr_png("exemple")))
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(made))) as source, zipfile.ZipFile(kept, "w") as target:
        for name in source.namelist():
            if part := called(name) if "/media/" in name else name:
                target.writestr(part, source.read(name))
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "est un fichier vide"),
        (b"{\\rtf1\\ansi Bonjour @DNOM}", "au format RTF"),
        (b"%PDF-1.7", "est un PDF"),
        (
            changed(lambda *_: None, ("mimetype", b"application/vnd.oasis.opendocument.text")),
            r"format de LibreOffice \(.odt\)",
        ),
        (in_part(TYPES, MAIN, b"spreadsheetml.sheet.main+xml"), "classeur Excel"),
        (with_picture(lambda _: None), "Une image de ce modèle manque"),
        (b"Bonjour @DNOM", "n’est pas un document Word"),
        (PLAIN[: len(PLAIN) // 2], "n’est pas un document Word"),
        (PLAIN[:-200] + bytes(200), "n’est pas un document Word"),
        (OLE, "ancien format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (in_part(TYPES, b"openxmlformats-officedocument." + MAIN, b"ms-word.document.macroEnabled.main+xml"), "macros"),
        (changed(same, ("word/vbaProject.bin", b"x")), "macros"),
        (changed(same, ("../../dehors.xml", b"x")), "n’est pas un document Word"),
        (in_part("word/document.xml", b"<w:document ", DOCTYPE), "DOCTYPE"),
        (in_part("word/document.xml", b"<w:document ", OUTSIDE), "DOCTYPE"),
        (in_part("word/document.xml", b"</w:body>", b""), "n’est pas un document Word"),
        (in_part("word/document.xml", b"w:body", b"w:corps"), "n’a pas de texte"),
        (in_part("word/document.xml", b"</w:body>", b"</w:body><w:body/>"), "n’est pas un document Word"),
        (changed(lambda name, data: None if name == TYPES else (name, data)), "n’est pas un document Word"),
        (changed(lambda name, data: None if name == "word/document.xml" else (name, data)), "n’est pas"),
        (
            in_part("_rels/.rels", b"://schemas.openxmlformats.org/officeD", b"://purl.oclc.org/ooxml/officeD"),
            "Strict",
        ),
        (changed(same, *((f"x/{number}.xml", b"") for number in range(2001))), "démesuré"),
        (bytes(MAX_FILE + 1), "trop grand"),
    ],
)
def test_what_is_no_harmless_document_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(WordFileError, match=words) as refusal:
        read_template(data)
    assert refusal.value.todo


def repacked(method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as source, zipfile.ZipFile(made, "w", method) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return made.getvalue()


def nameless() -> bytes:
    """An entry's name is empty in the archive's list, as where its first byte became a zero."""
    data = repacked(zipfile.ZIP_STORED)
    place = data.rindex(TYPES.encode())
    return data[:place] + b"\0" + data[place + 1 :]


@pytest.mark.parametrize("data", [repacked(zipfile.ZIP_LZMA), repacked(zipfile.ZIP_BZIP2), nameless()])
def test_an_archive_that_is_none_of_words_is_told(data: bytes) -> None:
    """Unpacked, one that is damaged would fail in ways of its own."""
    with pytest.raises(WordFileError, match="n’est pas un document Word"):
        open_word(data)


@pytest.mark.parametrize("make", [bomb, lying_bomb])
def test_a_bomb_is_not_unpacked(make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    data = make()
    read: list[int] = []
    original = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        found = original(self, n)
        read.append(len(found))
        return found

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    with pytest.raises(WordFileError):
        open_word(data)
    assert sum(read) < 2_000_000


@pytest.mark.parametrize("called", [str, str.upper, lambda name: name.replace("image", "im%61ge")])
def test_a_picture_is_there_under_any_spelling_of_its_name(called: Callable[[str], str]) -> None:
    """Word finds it (ECMA-376, part 2)."""
    assert not read_template(with_picture(called)).problems


def test_a_deep_tree_is_refused() -> None:
    deep = b"<w:p>" + b"<w:ins>" * 5000 + b"</w:ins>" * 5000 + b"</w:p></w:body>"
    with pytest.raises(WordFileError):
        read_template(in_part("word/document.xml", b"</w:body>", deep))


def test_a_template_of_words_own_kind_becomes_a_document(merge: Merge, record: RecordMaker) -> None:
    dotx = in_part(TYPES, b"document.main+xml", b"template.main+xml")
    result = merge(dotx, record())
    assert result.text() == "Lina"
    assert MAIN in b"".join(one.get("ContentType", "").encode() for one in result.part(TYPES))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.docx", "absent.docx\u00a0» n’existe pas. Vérifiez"),
        ("dossier", "est un dossier"),
        ("~$ttre.docx", "provisoire de Word, pas le document. Choisissez .* finit par «\u00a0ttre.docx\u00a0»"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "dossier").mkdir()
    (tmp_path / "~$ttre.docx").write_bytes(b"\x07Accueil" + bytes(154))
    with pytest.raises(WordFileError, match=words):
        load_template(tmp_path / name)


def test_a_file_that_another_program_holds_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows refuses it; here whoever runs the tests may open anything."""

    def held(*_: object) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(WordFileError, match=r"un autre programme l’utilise.*Fermez-le dans Word"):
        load_template(tmp_path / "lettre.docx")
    with pytest.raises(WordFileError, match="est un dossier"):
        load_template(tmp_path)


def test_no_more_than_the_limit_is_read_of_a_giant_file(tmp_path: Path) -> None:
    path = tmp_path / "lettre.docx"
    with path.open("wb") as file:
        file.truncate(50 * MAX_FILE)
    with pytest.raises(WordFileError, match="trop grand"):
        load_template(path)
    assert len(read_word_file(path)) == MAX_FILE + 1


def related(kind: str, target: str, part: str = "document.xml", mode: str = "External") -> bytes:
    """The plain document, whose part refers to something elsewhere."""
    line = f'<Relationship Id="rIdOut" Type="{OFFICE}{kind}" Target="{target}" TargetMode="{mode}"/>'
    rels = f"word/_rels/{part}.rels"
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as source:
        if rels in source.namelist():
            return in_part(rels, b"</Relationships>", line.encode() + b"</Relationships>")
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    return changed(same, (rels, f"{empty}{line}</Relationships>".encode()))


def disguised_as_a_link() -> bytes:
    """A picture whose address is said to be a link's: LibreOffice does not mind."""
    made = document(paragraph('<w:r><w:pict><v:shape><v:imagedata r:id="rIdOut"/></v:shape></w:pict></w:r>'))
    identity = made.part.relate_to("http://exemple.fr/a.png", f"{OFFICE}hyperlink", is_external=True)
    next(made.element.iter("{urn:schemas-microsoft-com:vml}imagedata")).set(f"{{{OFFICE[:-1]}}}id", identity)
    return saved(made)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (related("image", "http://exemple.fr/suivi.png"), "en dehors du document"),
        (related("image", "file:////exemple.fr/partage/a.png", "header1.xml"), "en dehors du document"),
        (related("oleObject", "file:///C:/a.xlsx"), "en dehors du document"),
        (related("image", "http://exemple.fr/a.png", mode="EXTERNAL"), "en dehors du document"),
        (disguised_as_a_link(), "en dehors du document"),
        (related("aFChunk", "http://exemple.fr/a.html"), "page web"),
    ],
)
def test_a_document_that_fetches_something_by_itself_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(WordFileError, match=words) as refusal:
        read_template(data)
    assert refusal.value.todo


def test_links_that_people_follow_stay() -> None:
    read_template(related("hyperlink", "https://exemple.fr/"))


def test_the_template_that_a_document_was_made_from_is_forgotten(merge: Merge, record: RecordMaker) -> None:
    """Word would open it, wherever it is, on every computer that opens a letter."""
    made = document(paragraph(run("@PPREN")))
    identity = made.part.part_related_by(f"{OFFICE}settings").relate_to(
        "http://exemple.fr/modele.dotm", f"{OFFICE}attachedTemplate", is_external=True
    )
    made.settings.element.insert(0, xml(f'<w:attachedTemplate r:id="{identity}"/>'))
    data = saved(made)
    assert b"modele.dotm" in unpacked(data)
    result = merge(data, record())
    assert result.text() == "Lina"
    written = unpacked(result.path.read_bytes())
    assert b"modele.dotm" not in written
    assert b"attachedTemplate" not in written


def unpacked(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())
