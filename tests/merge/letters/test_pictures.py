"""Pictures in letters: drawn anew within limits, and whatever else is refused with a sentence that names the file."""

import io
from pathlib import Path

import pytest
from PIL import Image

from merge.letters.pictures import PictureError, PictureShelf, print_picture, read_pictures


def encoded(form: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(out, form, **options)
    return out.getvalue()


def test_a_picture_is_drawn_anew_without_what_its_file_told_besides() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Lina SPÉCIMEN"
    exif[0x0112] = 6
    picture = print_picture("a.jpg", encoded("JPEG", exif=exif.tobytes()))
    assert (picture.width, picture.height) == (20, 40)
    assert picture.height_at(30.0) == 60.0
    assert b"SP" not in picture.png
    with Image.open(io.BytesIO(picture.png)) as drawn:
        assert (drawn.mode, drawn.info) == ("RGB", {})


def test_what_is_see_through_becomes_paper() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(clear, "PNG")
    with Image.open(io.BytesIO(print_picture("a.png", clear.getvalue()).png)) as drawn:
        assert drawn.getpixel((1, 1)) == (255, 255, 255)


def test_a_large_picture_keeps_what_print_can_show() -> None:
    picture = print_picture("a.png", encoded("PNG", (4000, 1000)))
    assert (picture.width, picture.height) == (2000, 500)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "n’est pas une image"),
        (b"%PDF-1.4", "n’est pas une image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "n’est pas une image"),
        (encoded("PNG")[:40], "n’est pas une image"),
        (encoded("JPEG", (200, 200))[:300], "n’est pas une image"),
        (encoded("GIF", mode="P"), "n’est pas une image"),
        (encoded("PNG", (30_000, 900), mode="1"), "dépasse 25\u00a0millions de pixels"),
        (encoded("PNG", (20_000, 20_000), mode="1"), "dépasse 25\u00a0millions de pixels"),
        (b"x" * (5 * 1024 * 1024 + 1), "dépasse 5\u00a0Mo"),
    ],
    ids=["empty", "pdf", "svg", "cut-png", "cut-jpeg", "gif", "wide", "bomb", "heavy"],
)
def test_hostile_files_are_refused_with_their_name(content: bytes, told: str, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=f"L’image «\u00a0tampon.png\u00a0» de la lettre {told}"):
        print_picture("tampon.png", content)
    (tmp_path / "tampon.png").write_bytes(content)
    with pytest.raises(PictureError, match=told):
        read_pictures(tmp_path, ("tampon.png",))


def test_a_picture_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="« logo.png »".replace(" ", "\u00a0")) as refused:
        read_pictures(tmp_path, ("logo.png",))
    assert refused.value.todo.endswith("ou retirez-la du modèle.")


def test_a_shelf_reads_a_picture_again_when_its_file_changes(tmp_path: Path) -> None:
    shelf, names = PictureShelf(), ("logo.png",)
    (tmp_path / "logo.png").write_bytes(encoded("PNG"))
    first = shelf.pictures(tmp_path, names)["logo.png"]
    assert shelf.pictures(tmp_path, names)["logo.png"] is first
    (tmp_path / "logo.png").write_bytes(encoded("PNG", (10, 90)))
    assert shelf.pictures(tmp_path, names)["logo.png"].height == 90
