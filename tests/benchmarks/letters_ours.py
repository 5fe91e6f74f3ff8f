"""Our letters as a program of its own: `python -m tests.benchmarks.letters_ours COUNT FILE.pdf|FILE.docx [START END]`.

START and END choose a part of the COUNT letters.
"""

import sys
from itertools import islice
from pathlib import Path

from merge.letters.shipped import shipped_letters
from tests.benchmarks.letter_data import records


def main() -> None:
    count, path = int(sys.argv[1]), Path(sys.argv[2])
    if path.suffix == ".docx":
        from merge.letters.docx import write_letters_docx as write  # noqa: PLC0415 - python-docx is not the PDF's cost
    else:
        from merge.letters.output.writing import write_letters as write  # noqa: PLC0415 - nor ReportLab the document's
    start, end = map(int, sys.argv[3:5]) if len(sys.argv) > 3 else (0, count)
    printed = write(islice(records(count), start, end), shipped_letters(), path)
    assert printed.letters == end - start, printed.refused[:3]


if __name__ == "__main__":
    main()
