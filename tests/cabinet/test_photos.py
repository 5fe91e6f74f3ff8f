"""Photos: whose is which, what is refused, and what is left of a picture when it is published."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from cabinet.photos import MAX_BYTES, PhotoFinder, PhotoRefused, read_photo, web_photo


def written(folder: Path, content: bytes) -> Path:
    path = folder / "photo"
    path.write_bytes(content)
    return path


def encoded(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def test_a_published_photo_is_small_upright_and_without_metadata(tmp_path: Path, picture: bytes) -> None:
    published = web_photo(written(tmp_path, picture))
    with Image.open(io.BytesIO(published)) as image:
        assert (image.format, image.size) == ("JPEG", (300, 400))
        assert dict(image.getexif()) == {}
    assert b"Camera" not in published


def test_a_small_photo_is_not_enlarged(tmp_path: Path) -> None:
    published = web_photo(written(tmp_path, encoded(Image.new("RGB", (40, 30)), "PNG")))
    with Image.open(io.BytesIO(published)) as image:
        assert image.size == (40, 30)


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    published = web_photo(written(tmp_path, encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")))
    with Image.open(io.BytesIO(published)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF"])
def test_the_usual_picture_formats_are_read(tmp_path: Path, form: str) -> None:
    content = encoded(Image.new("RGB", (30, 30), "red"), form)
    assert read_photo(written(tmp_path, content)) == content
    assert web_photo(tmp_path / "photo").startswith(b"\xff\xd8")


def refusal_of(path: Path) -> str:
    with pytest.raises(PhotoRefused) as refusal:
        web_photo(path)
    return refusal.value.reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "photo")
    assert refusal_of(tmp_path / "photo") == (
        "ne peut pas être lue (c’est un tube, une prise ou un périphérique du système)"
    )


def test_a_file_above_5_mb_is_refused_unread(tmp_path: Path) -> None:
    assert refusal_of(written(tmp_path, b"\xff\xd8" + b"x" * MAX_BYTES)) == "dépasse 5\u00a0Mo"


@pytest.mark.parametrize("size", [(5001, 5000), (14000, 14000)])
def test_too_many_pixels_are_refused_before_they_are_unpacked(tmp_path: Path, size: tuple[int, int]) -> None:
    bomb = encoded(Image.new("1", size), "PNG")
    assert refusal_of(written(tmp_path, bomb)) == "dépasse 25\u00a0millions de pixels"


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff\xe0"]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal_of(written(tmp_path, content)) == "n’est pas une image reconnue"


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_truncated_picture_is_refused_when_it_is_read(tmp_path: Path, form: str) -> None:
    content = encoded(Image.effect_noise((200, 200), 80).convert("RGB"), form)
    path = written(tmp_path, content[: len(content) // 2])
    with pytest.raises(PhotoRefused) as refusal:
        read_photo(path)
    assert str(refusal.value) == ("La photo est tronquée. Remplacez-la par une image JPEG ou PNG plus légère.")


def test_a_picture_with_a_broken_middle_is_refused_when_it_is_published(tmp_path: Path) -> None:
    content = bytearray(encoded(Image.effect_noise((200, 200), 80).convert("RGB"), "PNG"))
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    assert refusal_of(written(tmp_path, bytes(content))) == "est abîmée ou tronquée"


def test_a_photo_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "gone.jpg").startswith("ne peut pas être lue")


def test_the_first_pattern_that_fits_names_the_photo(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for name in ("7.png", "8.JPG", "8.png"):
        (tmp_path / "photos" / name).touch()
    finder = PhotoFinder(tmp_path, ("photos/{number}.jpg", "photos/{number}.png", "autres/{number}.jpg"))
    found = [finder.find(number) for number in ("7", "8", "9")]
    assert [path and path.name for path in found] == ["7.png", "8.JPG", None]


@pytest.mark.parametrize("number", ["../secret", "..", "a/b", "a\\b", ".cache", ""])
def test_a_number_never_leads_out_of_the_photos_folder(tmp_path: Path, number: str) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "secret.jpg").touch()
    (tmp_path / "photos" / ".cache.jpg").touch()
    assert PhotoFinder(tmp_path, ("photos/{number}.jpg",)).find(number) is None
