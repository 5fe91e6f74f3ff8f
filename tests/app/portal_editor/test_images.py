"""A logo or a map from disk: small, upright, without metadata; what is no picture is refused with a reason."""

import io
from pathlib import Path

import pytest
from PIL import Image

from app.portal_editor.images import ImageUnfit, prepared


def saved(path: Path, size: tuple[int, int], mode: str = "RGB", **options: object) -> Path:
    Image.new(mode, size, "red").save(path, **options)  # type: ignore[arg-type]
    return path


def test_a_photograph_becomes_a_small_jpeg_and_says_so(tmp_path: Path) -> None:
    ready = prepared(saved(tmp_path / "plan.png", (3200, 2400)), "access_image_digest")

    with Image.open(io.BytesIO(ready.content)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 1200))
    assert ready.content_type == "image/jpeg"
    assert ready.sentence.startswith("plan.png\u00a0: 3200\u00a0×\u00a02400\u00a0px, ")
    assert "Sur le portail\u00a0: 1600\u00a0×\u00a01200\u00a0px, " in ready.sentence


def test_a_see_through_logo_stays_see_through(tmp_path: Path) -> None:
    ready = prepared(saved(tmp_path / "logo.png", (900, 300), "RGBA"), "logo_digest")

    with Image.open(io.BytesIO(ready.content)) as image:
        assert (image.format, image.size, image.mode) == ("PNG", (480, 160), "RGBA")


def test_metadata_stays_at_the_cabinet_and_the_picture_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret place"
    ready = prepared(saved(tmp_path / "plan.jpg", (400, 200), exif=exif), "access_image_digest")

    with Image.open(io.BytesIO(ready.content)) as image:
        assert image.size == (200, 400)
        assert not image.getexif()
    assert b"secret place" not in ready.content


def test_what_is_no_picture_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF-1.7 nothing to see")

    with pytest.raises(ImageUnfit) as refused:
        prepared(path, "access_image_digest")
    assert str(refused.value) == (
        "Cette image n’est pas reconnue, ou elle est abîmée. Choisissez une image JPEG ou PNG."
    )


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(tmp_path: Path) -> None:
    path = saved(tmp_path / "plan.png", (9000, 9000), "1")

    with pytest.raises(ImageUnfit, match="60\u00a0millions de pixels"):
        prepared(path, "access_image_digest")
