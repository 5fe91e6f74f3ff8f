"""Our letters as a program of its own: `python -m tests.benchmarks.letters_ours COUNT FILE.pdf|FILE.docx`."""

import sys
from pathlib import Path

from merge.letters.model import shipped_letters
from tests.benchmarks.letter_data import records


def main() -> None:
    count, path = int(sys.argv[1]), Path(sys.argv[2])
    if path.suffix == ".docx":
        from merge.letters.docx import write_letters_docx as write  # noqa: PLC0415 - python-docx is not the PDF's cost
    else:
        from merge.letters.pdf import write_letters as write  # noqa: PLC0415 - nor ReportLab the document's
    printed = write(records(count), shipped_letters(), path)
    assert printed.letters == count, printed.refused[:3]


if __name__ == "__main__":
    main()
