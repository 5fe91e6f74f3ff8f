"""A text zone's HTML as lines of styled runs, and back: what a text editor works on. No Qt here.

A line end is a line break, an empty line parts two paragraphs, and items of lists are lines of their own. `parse` and
`write` keep what a patient sees; `canonical` is how the same text is always written.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from portal.pages.rich_text import COLOURS, clean_html

LINE_BREAK = "\u2028"
"""A line break within an item of a list: what a text editor puts on Shift+Enter."""

_AROUND_BREAK = re.compile(f" *{LINE_BREAK} *")


@dataclass(frozen=True)
class Run:
    """A piece of text in one style. `colour` is a class of `rich_text.COLOURS` or "", `link` an address or ""."""

    text: str
    bold: bool = False
    italic: bool = False
    colour: str = ""
    link: str = ""


@dataclass(frozen=True)
class Line:
    """`bullet` is "ul", "ol" or "" (no item of a list)."""

    runs: tuple[Run, ...] = ()
    bullet: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def parse(html: str) -> tuple[Line, ...]:
    """The lines of a zone, sanitised first."""
    parser = _Parser()
    parser.feed(clean_html(html))
    parser.close()
    return parser.finished()


def write(lines: Iterable[Line]) -> str:
    """Clean HTML of these lines; "" when there is no text at all."""
    blocks = tuple(_blocks(lines))
    if len(blocks) == 1 and not blocks[0][0].bullet:
        return clean_html(_joined(blocks[0]))
    return clean_html("".join(_block(block) for block in blocks))


def canonical(html: str) -> str:
    """The zone as `write` writes it."""
    return write(parse(html))


def length(html: str) -> int:
    """Characters that a patient reads, line ends counted."""
    lines = parse(html)
    return sum(len(line.text) for line in lines) + max(0, len(lines) - 1)


class _Parser(HTMLParser):
    """Reads what `clean_html` leaves: well-formed, of few tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[Line] = []
        self._runs: list[Run] = []
        self._open: list[tuple[str, Run]] = []
        self._style = Run("")
        self._lists: list[str] = []
        self._in_item = False
        self._gap = False
        """A paragraph ended: what follows begins after an empty line."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._break()
            return
        self._open.append((tag, self._style))
        self._style = _styled(self._style, tag, dict(attrs))
        if tag in ("p", "ul", "ol", "li"):
            self._end_line()
        if tag in ("ul", "ol"):
            self._lists.append(tag)
        self._in_item = tag == "li" or (self._in_item and tag not in ("ul", "ol"))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "ul", "ol", "li"):
            self._end_line()
        if tag == "p" and not self._in_item:
            self._gap = True
        if tag == "li":
            self._in_item = False
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        while self._open:
            name, self._style = self._open.pop()
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        text = re.sub(r"[ \t\n\r]+", " ", data)
        if not self._runs or self._runs[-1].text.endswith((" ", LINE_BREAK)):
            text = text.lstrip(" ")
        if text:
            self._runs.append(replace(self._style, text=text))

    def finished(self) -> tuple[Line, ...]:
        self._end_line()
        return tuple(self._lines)

    def _break(self) -> None:
        if self._in_item:
            self._runs.append(replace(self._style, text=LINE_BREAK))
        elif self._runs:
            self._end_line()
        else:
            self._gap = True

    def _end_line(self) -> None:
        runs = _merged(_trimmed(self._runs))
        self._runs = []
        if not runs:
            return
        bullet = self._lists[-1] if self._lists else ""
        if self._gap and self._lines and not bullet and not self._lines[-1].bullet:
            self._lines.append(Line())
        self._gap = False
        self._lines.append(Line(runs, bullet))


def _styled(style: Run, tag: str, given: dict[str, str | None]) -> Run:
    if tag in ("b", "strong"):
        return replace(style, bold=True)
    if tag in ("i", "em"):
        return replace(style, italic=True)
    if tag == "a":
        return replace(style, link=given.get("href") or "")
    if tag == "span":
        names = (given.get("class") or "").split()
        return replace(style, colour=next((name for name in names if name in COLOURS), style.colour))
    return style


def _merged(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Neighbours of one style as one run."""
    groups = groupby((run for run in runs if run.text), key=lambda run: replace(run, text=""))
    return tuple(replace(style, text="".join(run.text for run in group)) for style, group in groups)


def _trimmed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """As a browser shows it: no space at either end nor beside a line break, a second space in a row kept from it."""
    kept: list[Run] = []
    for run in runs:
        text = _AROUND_BREAK.sub(LINE_BREAK, run.text)
        before = kept[-1].text[-1] if kept else LINE_BREAK
        if before == LINE_BREAK:
            text = text.lstrip(" " if kept else f" {LINE_BREAK}")
        elif before == " " and text.startswith(" "):
            text = f"\u00a0{text[1:]}"
        elif text.startswith(LINE_BREAK):
            _strip_end(kept, " ")
        if text:
            kept.append(replace(run, text=text.replace("  ", " \u00a0")))
    _strip_end(kept, f" {LINE_BREAK}")
    return tuple(kept)


def _strip_end(runs: list[Run], signs: str) -> None:
    while runs:
        last = runs.pop()
        if text := last.text.rstrip(signs):
            runs.append(replace(last, text=text))
            return


_Block = list[Line]
"""Lines of one paragraph, or items of one list."""


def _blocks(lines: Iterable[Line]) -> Iterator[_Block]:
    block: _Block = []
    for line in (Line(_merged(_trimmed(line.runs)), line.bullet) for line in lines):
        if not line.runs:
            # An empty line parts two paragraphs; it does not part a list.
            if block and not block[0].bullet:
                yield block
                block = []
            continue
        if block and line.bullet != block[0].bullet:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _block(block: _Block) -> str:
    bullet = block[0].bullet
    if not bullet:
        return f"<p>{_joined(block)}</p>"
    return f"<{bullet}>{''.join(f'<li>{_line(line)}</li>' for line in block)}</{bullet}>"


def _joined(block: _Block) -> str:
    return "<br>".join(map(_line, block))


def _line(line: Line) -> str:
    return "".join(map(_run, line.runs))


def _run(run: Run) -> str:
    html = escape(run.text, quote=False).replace(LINE_BREAK, "<br>")
    if run.colour:
        html = f'<span class="{run.colour}">{html}</span>'
    if run.italic:
        html = f"<em>{html}</em>"
    if run.bold:
        html = f"<strong>{html}</strong>"
    return f'<a href="{escape(run.link)}">{html}</a>' if run.link else html
