"""Finds French that is not set as French: a plain space where a no-break space belongs, a typewriter's apostrophe.

Only what can be told for sure is a finding. A string counts as French when it holds an accented letter, a French
quotation mark or a typographic apostrophe; patterns, styles and code rarely do.
"""

import ast
import re
from collections.abc import Iterator

FRENCH = re.compile(r"[àâçéèêëîïôùûœÀÂÇÉÈÊÎÔÙÛŒ«»’]")
# `\A`: a piece of an f-string that follows a value.
BREAKING_SPACE = re.compile(r"(?:(?<=[a-zà-ÿœ\d»’\0])|\A) (?=[:;?!€%»](?:\W|$))|(?<=«) ")
TYPEWRITER = re.compile(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ])")
MARKUP = re.compile(r"<!--.*?-->|<style.*?</style>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)


def typography_findings(suffix: str, source: str) -> Iterator[tuple[int, str]]:
    """(line, finding) for each piece of French in a Python module (".py") or an HTML template (".html")."""
    pieces = _strings(source) if suffix == ".py" else _text_lines(source)
    for line, text in pieces:
        if not FRENCH.search(text):
            continue
        if found := BREAKING_SPACE.search(text):
            yield line, f"a no-break space belongs in « {_around(text, found)} »"
        if found := TYPEWRITER.search(text):
            yield line, f"’ belongs in « {_around(text, found)} »"


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 15) : found.end() + 15].strip()


def _strings(source: str) -> Iterator[tuple[int, str]]:
    """Every string of a module but docstrings, which are English and for programmers."""
    tree = ast.parse(source)
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def _text_lines(source: str) -> Iterator[tuple[int, str]]:
    """The lines of a template with its markup blanked out, so that line numbers stay."""
    text = MARKUP.sub(lambda markup: re.sub(r"[^\n]", "\0", markup[0]), source)
    yield from enumerate(text.split("\n"), 1)
