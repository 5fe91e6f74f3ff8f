"""CSV that a spreadsheet opens as text: no cell of it is ever run as a formula (OWASP, CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(cell: str) -> str:
    """The cell without NUL, with an apostrophe before what a spreadsheet would take for a formula."""
    bare = cell.replace("\0", "")
    return f"'{bare}" if bare.lstrip(" ").startswith(_FORMULA) else bare


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows for a French spreadsheet: semicolons, CRLF, every cell quoted and neutralised."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue()
