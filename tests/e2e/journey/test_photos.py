"""Photos on their way: small copies, sent once, and one that is damaged stops nobody."""

from pathlib import Path

from PIL import Image

from portal.api.transport import Exchange
from sync.report import Outcome
from tests.e2e.journey.clinic import Clinic, shown_as


def photograph(path: Path, colour: str, size: int = 1200) -> None:
    path.parent.mkdir(exist_ok=True)
    picture = Image.effect_noise((size, size), 80).convert("RGB")
    picture.paste(colour, (0, 0, size // 2, size))
    picture.save(path, "JPEG", quality=95)


def with_photos(clinic: Clinic) -> Path:
    clinic.export.mapping.write_text(clinic.export.mapping.read_text() + '[photos]\nfiles = ["photos/{number}.jpg"]\n')
    return clinic.export.folder / "photos"


def test_a_photo_travels_small_and_once(clinic: Clinic) -> None:
    folder = with_photos(clinic)
    photograph(folder / "0001.jpg", "red")
    seen: list[Exchange] = []
    assert clinic.nightly.run_here(observe=seen.append).photos == 1
    (sent,) = (e.bytes_sent for e in seen if "/photos/" in e.path and e.method == "PUT")
    assert sent < (folder / "0001.jpg").stat().st_size / 5
    clinic.export.names["0001"] = "CHANGE"
    clinic.export.write()
    with_photos(clinic)
    again = clinic.nightly.run_here()
    assert (again.changed, again.photos) == (1, 0)


def test_a_damaged_photo_is_told_and_stops_nobody(clinic: Clinic) -> None:
    folder = with_photos(clinic)
    photograph(folder / "0001.jpg", "red")
    photograph(folder / "0002.jpg", "blue")
    whole = (folder / "0002.jpg").read_bytes()
    # The end mark stands in a comment, so the reading takes the file; the picture itself is cut off.
    (folder / "0002.jpg").write_bytes(whole[:2] + b"\xff\xfe\x00\x04\xff\xd9" + whole[2:2000])
    report = clinic.nightly.run_here()
    assert (report.status, report.added, report.photos) == (Outcome.DONE, 60, 1)
    (problem,) = report.problems
    assert (problem.code, problem.first.file) == ("unusable-photo", "0002.jpg")
    assert problem.sentence.startswith("Le dossier est publié sans la photo 0002.jpg. La photo est ")
    assert shown_as(clinic.nightly.shown()) == clinic.nightly.expected()
