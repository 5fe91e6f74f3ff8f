"""Help pages in French: click's own headings and marks are English, and follow no setting."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

_HEADINGS = {"Commands": "Commandes"}
_SENTENCES = {"Show this message and exit.": "Affiche cette aide."}
_KINDS = {
    "PATH": "CHEMIN",
    "TEXT": "TEXTE",
    "INTEGER RANGE": "NOMBRE",
    "[%H:%M]": "HH:MM",
    "[%Y-%m-%d]": "AAAA-MM-JJ",
}
_MARKS = (("[required]", "[obligatoire]"), ("[default: ", "[par défaut\u00a0: "), ("; required]", "; obligatoire]"))


class FrenchFormatter(click.HelpFormatter):
    """What click writes on a help page, with its few English words replaced."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """« Emploi : webortho check [OPTIONS] »."""
        args = args.replace("[COMMAND] [ARGS]...", "[COMMANDE] [ARGUMENTS]…")
        args = args.replace("COMMAND [ARGS]...", "COMMANDE [ARGUMENTS]…")
        super().write_usage(prog, args, prefix or "Emploi\u00a0: ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(_HEADINGS.get(name, name)):
            yield

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_named(term), _french(text)) for term, text in rows], col_max, col_spacing)

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}\u00a0:\n")


def _named(term: str) -> str:
    """An option with what it takes: « --config CHEMIN »."""
    kind = next((kind for kind in _KINDS if term.endswith(f" {kind}")), "")
    return f"{term.removesuffix(kind)}{_KINDS[kind]}" if kind else term


def _french(text: str) -> str:
    for english, french in _MARKS:
        text = text.replace(english, french)
    text = _SENTENCES.get(text, text)
    return f"{text.removesuffix('...')}…" if text.endswith("...") else text


def speak_french() -> None:
    """From now on, every command of this program."""
    click.Context.formatter_class = FrenchFormatter
