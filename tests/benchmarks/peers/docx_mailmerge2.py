"""The template with docx-mailmerge2, all letters in one document: `docx_mailmerge2.py values.json TEMPLATE OUT`."""

import json
import sys
from pathlib import Path

from mailmerge import MailMerge


def main() -> None:
    values, template, out = sys.argv[1:4]
    letters = json.loads(Path(values).read_text(encoding="utf-8"))["letters"]
    with MailMerge(template) as document:
        document.merge_templates(letters, separator="nextPage_section")
        document.write(out)


if __name__ == "__main__":
    main()
