"""The cabinet's logo and scanned signature in the place of pictures that are named after them."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.shared import Mm
from PIL import Image

from merge.letters.pictures import PrintPicture, print_picture
from merge.word.own_pictures import LOGO, SIGNATURE
from merge.word.template import WordTemplateError, read_template
from merge.word.writing import WordWriter
from tests.merge.conftest import RecordMaker
from tests.merge.word.conftest import document, paragraph, run, saved


def png(width: int, height: int, colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def own(width: int, height: int, colour: str) -> PrintPicture:
    return print_picture("image.png", png(width, height, colour))


def letter() -> Document:
    """A logo in the header, a signature below the text: squares of 40 mm, one of them cropped."""
    made = document(paragraph(run("Bonjour @PPREN")))
    for place in (made.sections[0].header.paragraphs[0], made.add_paragraph()):
        place.add_run().add_picture(io.BytesIO(png(10, 10, "gray")), width=Mm(40))
    name(made.sections[0].header, LOGO)
    name(made, SIGNATURE)
    return made


def name(story: object, text: str) -> None:
    (facts,) = story._element.iterfind(".//{*}docPr")  # type: ignore[attr-defined]
    facts.set("descr", f" {text} ")


def shown(path: Path) -> list[tuple[tuple[int, int, int], float, float]]:
    """Colour, width and height in millimetres of each picture: the headers' of all sections, then the text's."""
    made = docx.Document(str(path))
    found = []
    for story in (*(section.header for section in made.sections), made):
        for inline in story._element.iterfind(".//{*}inline"):
            (relation,) = inline.xpath(".//a:blip/@r:embed")
            with Image.open(io.BytesIO(story.part.related_parts[relation].blob)) as picture:
                colour = picture.getpixel((0, 0))
            extent = inline.extent
            found.append((colour, round(extent.cx.mm, 1), round(extent.cy.mm, 1)))
    return found


def test_each_picture_keeps_its_place_and_is_not_distorted(record: RecordMaker, tmp_path: Path) -> None:
    pictures = {LOGO: own(200, 100, "red"), SIGNATURE: own(100, 400, "blue")}
    path = tmp_path / "l.docx"
    WordWriter(read_template(saved(letter()), pictures)).write([record(), record()], path)
    red, blue = ((255, 0, 0), 40.0, 20.0), ((0, 0, 255), 10.0, 40.0)
    assert shown(path) == [red, red, blue, blue]
    with zipfile.ZipFile(path) as archive:
        media = [entry for entry in archive.namelist() if "webortho" in entry]
        text = archive.read("word/document.xml").decode()
    assert sorted(media) == ["media/webortho-logo.png", "media/webortho-signature.png"]
    assert SIGNATURE not in text, "who has the letter read to them hears what it shows"


def test_a_picture_that_the_cabinet_has_not_chosen_is_told_with_its_place() -> None:
    template = read_template(saved(letter()), {SIGNATURE: own(10, 10, "blue")})
    (problem,) = template.problems
    assert (problem.place, problem.name) == ("En-tête, paragraphe 1", LOGO)
    assert problem.sentence.replace("\u00a0", " ").startswith("Pour l’image « @LOGO », aucun logo n’est connu.")
    with pytest.raises(WordTemplateError):
        WordWriter(template)


def test_other_pictures_are_left_alone(record: RecordMaker, tmp_path: Path) -> None:
    made = letter()
    name(made.sections[0].header, "Le logo")
    name(made, "@Signature du docteur")
    path = tmp_path / "l.docx"
    WordWriter(read_template(saved(made), {LOGO: own(10, 10, "red")})).write([record()], path)
    assert shown(path) == [((128, 128, 128), 40.0, 40.0)] * 2
