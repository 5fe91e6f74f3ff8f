"""The template with docxtpl, one document each: `docx_docxtpl.py values.json TEMPLATE FOLDER`."""

import json
import sys
from pathlib import Path

from docxtpl import DocxTemplate


def main() -> None:
    values, template, out = sys.argv[1:4]
    folder = Path(out)
    folder.mkdir(exist_ok=True)
    letters = json.loads(Path(values).read_text(encoding="utf-8"))["letters"]
    for index, letter in enumerate(letters):
        document = DocxTemplate(template)
        document.render(letter, autoescape=True)
        document.save(folder / f"{index:05}.docx")


if __name__ == "__main__":
    main()
