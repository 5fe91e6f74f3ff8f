"""A thousand letters, whole process: ours as PDF and as DOCX, beside those who make such letters today.

All show the same words, the same values, a sign-in form and a QR code of each letter's own; the text of what each wrote
is compared with what was asked for. LibreOffice prints our own DOCX, so its letter is ours to the line; it is given
fifty letters a document, all in one start, because the time for each letter grows with the document. Its own mail merge
fills one of our letters from a CSV; its fields draw no QR codes, so all have one, which is their picture. docxtpl is
beside our PDF too: with what it takes before anything of it can be printed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import peers
from tests.benchmarks.harness import Contender, Sample, Table, compete
from tests.benchmarks.letter_data import LETTERS, write_plain
from tests.benchmarks.processes import BenchmarkFailed, measure

_PEERS = Path(peers.__file__).parent
BATCH = 50
SIZES = (100, 1_000, 10_000)
MODEL = 3
"""Whose letter LibreOffice's mail merge makes a template of (`peers/letters_mailmerge.py`)."""
PYTHON_OF_DEBIAN = Path("/usr/bin/python3")
"""For which Debian packages LibreOffice's `uno`."""
NOTHING = Sample(0, 0, 0)
_OURS = "tests.benchmarks.letters_ours"
_MERGED = "un seul tour; un PDF par lettre, car en un seul il ralentit; le même code QR pour tous; sans contrôle"
_UNCHECKED = "sans contrôle d’adresse ni de débordement"


def run(rounds: int) -> Iterator[Table]:
    """One table of PDFs, one of Word documents."""
    with tempfile.TemporaryDirectory(prefix="webortho-bench-") as name:
        folder = Path(name)
        write_plain(LETTERS, folder / "letters.json")
        job = _Job(folder)
        job.write_batches()
        pdf = [
            Contender("webortho, PDF", job.runner(job.ours("ours.pdf"), "ours.pdf")),
            Contender(
                f"LibreOffice, des DOCX de {BATCH} lettres → PDF",
                job.runner(job.libreoffice(), "batches.pdf"),
                "" if shutil.which("soffice") else "LibreOffice n’est pas installé",
            ),
            job.mail_merge(),
            Contender(
                "ReportLab platypus, chaque lettre composée",
                job.runner(job.peer("letters_platypus.py", "platypus.pdf"), "platypus.pdf"),
                _missing("reportlab", "zxingcpp"),
                _UNCHECKED,
            ),
            *(
                Contender(name, job.runner(job.peer(script, output), output), _missing(*modules), _UNCHECKED)
                for name, script, output, modules in (
                    ("typst, un seul document", "letters_typst.py", "typst.pdf", ("typst", "zxingcpp")),
                    ("fpdf2", "letters_fpdf2.py", "fpdf2.pdf", ("fpdf", "zxingcpp")),
                    ("WeasyPrint", "letters_weasyprint.py", "weasyprint.pdf", ("weasyprint", "zxingcpp")),
                )
            ),
            job.docxtpl(once=True),
        ]
        docx = [Contender("webortho, DOCX", job.runner(job.ours("ours.docx"), "ours.docx")), job.docxtpl()]
        yield compete(f"{LETTERS} lettres en PDF", pdf, rounds)
        yield compete(f"{LETTERS} lettres en DOCX", docx, rounds)


def growth(rounds: int) -> Iterator[Table]:
    """Ours alone, from a hundred letters to ten thousand: what one letter costs, and how much memory all of them."""
    with tempfile.TemporaryDirectory(prefix="webortho-bench-") as name:

        def contender(size: int, suffix: str) -> Contender:
            def once(_: int) -> Sample:
                path = Path(name, f"lettres{suffix}")
                usage = measure([sys.executable, "-m", _OURS, str(size), path])
                figures = {"µs CPU/lettre": usage.cpu * 1_000_000 / size, "ko": path.stat().st_size / 1000}
                return Sample(usage.wall, usage.cpu, usage.peak_mb, figures)

            return Contender(f"{size:,} lettres".replace(",", "\u202f"), once)

        for title, suffix in (("PDF", ".pdf"), ("DOCX", ".docx")):
            yield compete(f"Lettres en {title}", [contender(size, suffix) for size in SIZES], rounds)


class _Job:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._batches = folder / "batches"
        self._wanted = json.loads((folder / "letters.json").read_text(encoding="utf-8"))["letters"]

    def ours(self, output: str) -> list[str | Path]:
        return [sys.executable, "-m", _OURS, str(LETTERS), self._folder / output]

    def peer(self, script: str, output: str) -> list[str | Path]:
        return [peers.PYTHON, _PEERS / script, self._folder / "letters.json", self._folder / output]

    def write_batches(self) -> None:
        """Our own documents, for LibreOffice to print; not part of its time."""
        self._batches.mkdir()
        for start in range(0, LETTERS, BATCH):
            part = (str(start), str(min(LETTERS, start + BATCH)))
            measure([*self.ours(f"batches/{start:05}.docx"), *part])

    def libreoffice(self) -> list[str | Path]:
        profile = f"-env:UserInstallation=file://{self._folder / 'profile'}"
        where: list[str | Path] = ["--outdir", self._folder / "batches.pdf", *sorted(self._batches.glob("*.docx"))]
        return ["soffice", profile, "--headless", "--convert-to", "pdf", *where]

    def docxtpl(self, *, once: bool = False) -> Contender:
        """One document each, in the first round alone or in all."""
        output = "docxtpl-once" if once else "docxtpl"
        return Contender(
            "docxtpl, un DOCX par lettre",
            self.runner(self.peer("letters_docxtpl.py", output), output),
            _missing("docxtpl", "zxingcpp"),
            "un seul tour; sans PDF, sans contrôle" if once else "sans PDF, sans contrôle",
            once=once,
        )

    def mail_merge(self) -> Contender:
        """LibreOffice's own, on a template and a data source that are made here; not part of its time."""
        name = "LibreOffice, son publipostage d’un CSV → PDF"
        if why := _mail_merge_missing():
            return Contender(name, lambda _: NOTHING, why)
        measure([*self.ours("model.docx"), str(MODEL), str(MODEL + 1)])
        peer = (PYTHON_OF_DEBIAN, _PEERS / "letters_mailmerge.py")
        measure([*peer, "prepare", self._folder])
        run = self.runner([*peer, "merge", self._folder], "mailmerge.pdf")
        return Contender(name, run, note=_MERGED, once=True)

    def runner(self, command: list[str | Path], output: str) -> Callable[[int], Sample]:
        def once(_: int) -> Sample:
            usage = measure(command)
            self._check(self._folder / output)
            size = _size(self._folder / output)
            return Sample(usage.wall, usage.cpu, usage.peak_mb, {"lettres/s": LETTERS / usage.wall, "ko": size / 1000})

        return once

    def _check(self, output: Path) -> None:
        """Every letter's own values are on its own page; a peer that writes something else is no peer."""
        pages = _texts(output)
        if len(pages) not in (LETTERS, 1):
            raise BenchmarkFailed(f"{output.name}: {len(pages)} letters instead of {LETTERS}")
        for index, letter in enumerate(self._wanted):
            page = pages[index] if len(pages) > 1 else pages[0]
            asked = (letter["number"], letter["patient"], letter["password"], letter["greeting"], *letter["address"])
            if lost := [value for value in asked if value not in page]:
                raise BenchmarkFailed(f"{output.name}: letter {index + 1} lacks {lost}")


def _texts(output: Path) -> list[str]:
    """The text of each letter: of each page of a PDF, each document of a folder, or of one document as a whole."""
    if output.suffix == ".pdf":
        files = sorted(output.iterdir()) if output.is_dir() else [output]
        return [_single_spaced(page) for file in files for page in _pdf_text(file).split("\f")[:-1]]
    documents = sorted(output.iterdir()) if output.is_dir() else [output]
    return [_single_spaced(_document_text(document)) for document in documents]


def _pdf_text(path: Path) -> str:
    command: list[str | Path] = ["pdftotext", "-layout", path, "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _document_text(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode()
    return "".join(part.rpartition(">")[2] for part in xml.split("</w:t>"))


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _size(output: Path) -> int:
    return sum(path.stat().st_size for path in output.iterdir()) if output.is_dir() else output.stat().st_size


def _mail_merge_missing() -> str:
    """Why LibreOffice cannot merge here, or "" when it can: its bridge to Python, its CSV driver, its data sources."""
    office = shutil.which("soffice")
    if office is None:
        return "LibreOffice n’est pas installé"
    libraries = (Path(office).resolve().with_name(name) for name in ("libflatlo.so", "libdbaxmllo.so"))
    answer = subprocess.run([PYTHON_OF_DEBIAN, "-c", "import uno"], check=False, capture_output=True)
    if answer.returncode or not all(library.exists() for library in libraries):
        return "pas installé (run.py bench --install-peers)"
    return ""


def _missing(*modules: str) -> str:
    if why := peers.missing():
        return why
    answer = subprocess.run([peers.PYTHON, "-c", f"import {', '.join(modules)}"], check=False, capture_output=True)
    return "" if answer.returncode == 0 else "pas installé (run.py bench --install-peers)"
