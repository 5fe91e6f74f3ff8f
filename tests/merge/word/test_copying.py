"""Pages of several PDFs in one, written as they come, and read back by a library."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, String

from merge.word.copying import CopiedPages


def source(*texts: str) -> Pdf:
    """A document whose pages share a font; each has a link to the next."""
    made = Pdf.new()
    font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for text in texts:
        page = made.add_blank_page(page_size=(595.28, 841.89))
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = made.make_stream(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
        page.StructParents = 3
    for page, following in zip(made.pages, list(made.pages)[1:], strict=False):
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), P=page.obj)
        link.Dest = Array([following.obj, Name.Fit])
        page.Annots = Array([made.make_indirect(link)])
    kept = io.BytesIO()
    made.save(kept)
    return Pdf.open(kept)


def bound(path: Path, pages: Sequence[tuple[Pdf, int]], *titles: str) -> Pdf:
    with path.open("wb") as file:
        copied = CopiedPages(file)
        for document, number in pages:
            copied.add(document, document.pages[number])
        bookmarks = [(title, place) for place, title in enumerate(titles)]
        copied.save(bookmarks, {"Title": "Lettres (2)"}, b"/Lang(fr-FR)")
    made = pikepdf.open(path)
    assert made.check_pdf_syntax() == []
    return made


def words(pages: Iterable[Page]) -> list[bytes]:
    return [page.Contents.read_bytes().split(b"(")[1].split(b")")[0] for page in pages]


def test_pages_of_several_documents_stand_in_their_order(tmp_path: Path) -> None:
    one, two = source("un", "deux"), source("trois")
    made = bound(tmp_path / "a.pdf", [(one, 0), (one, 1), (two, 0)], "Émilie (1)", "Ôlivier", "Зоя")
    assert words(made.pages) == [b"un", b"deux", b"trois"]
    assert [[float(side) for side in page.mediabox] for page in made.pages] == [[0, 0, 595.28, 841.89]] * 3
    with made.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Émilie (1)", "Ôlivier", "Зоя"]
        assert [made.pages.index(Page(item.destination[0])) for item in outline.root] == [0, 1, 2]
    assert made.docinfo[Name.Title] == String("Lettres (2)")
    assert made.Root.Lang == String("fr-FR")


def test_what_pages_of_a_document_share_is_written_once(tmp_path: Path) -> None:
    document = source("un", "deux")
    made = bound(tmp_path / "a.pdf", [(document, 0), (document, 1)])
    fonts = {page.Resources.Font.F1.objgen for page in made.pages}
    assert len(fonts) == 1
    assert all(Name.StructParents not in page for page in made.pages)


def test_a_link_leads_to_a_page_that_came_along_and_draws_no_other_in(tmp_path: Path) -> None:
    document = source("un", "deux", "autrui")
    made = bound(tmp_path / "a.pdf", [(document, 0), (document, 1)])
    first, second = (page.Annots[0].Dest[0] for page in made.pages)
    assert made.pages.index(Page(first)) == 1
    assert second is None
    assert b"0000000000 00000 f" not in (tmp_path / "a.pdf").read_bytes(), "a free object is said to be free for good"
    assert b"autrui" not in b"".join(one.read_bytes() for one in made.objects if isinstance(one, pikepdf.Stream))


def test_a_name_or_a_text_that_stands_by_itself_is_taken_along(tmp_path: Path) -> None:
    with Pdf.new() as document:
        page = document.add_blank_page()
        page.A = Dictionary(S=document.make_indirect(Name.URI), URI=document.make_indirect(String("exemple.fr")))
        made = bound(tmp_path / "a.pdf", [(document, 0)])
    assert Dictionary(S=Name.URI, URI=String("exemple.fr")) == made.pages[0].A


def test_a_document_may_be_closed_once_its_pages_were_added(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        copied = CopiedPages(file)
        for text in ("un", "deux"):
            with source(text) as document:
                copied.add(document, document.pages[0])
        copied.add_blank(200.5, 100)
        copied.save([], {}, b"")
    made = pikepdf.open(path)
    assert words(made.pages[:2]) == [b"un", b"deux"]
    assert len(made.pages) == 3
    assert [float(side) for side in made.pages[2].mediabox] == [0, 0, 200.5, 100]
