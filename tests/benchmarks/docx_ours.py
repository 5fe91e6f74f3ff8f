"""Our filling of a Word template as a program of its own: `python -m tests.benchmarks.docx_ours COUNT TEMPLATE OUT`.

OUT is a .docx with all letters, or a folder with one each.
"""

import sys
from pathlib import Path

from merge.word.template import load_template
from merge.word.writing import WordWriter
from tests.benchmarks.letter_data import records


def main() -> None:
    wanted, template, out = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    writer = WordWriter(load_template(template))
    if out.suffix == ".docx":
        writer.write(records(wanted), out)
    else:
        out.mkdir(exist_ok=True)
        for path in out.iterdir():
            path.unlink()
        writer.write_each(records(wanted), lambda number: out / f"{number:05}.docx")
    assert writer.printed.letters == wanted, writer.printed.refused[:3]


if __name__ == "__main__":
    main()
