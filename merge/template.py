"""Reads text with @FIELDS into a `Template`, or refuses it with the place of everything that is wrong.

The grammar (DESIGN.md §7), and nothing else; there is no expression language:

    @NAME           a field: the capitals and digits after the @ must be a known name, all of them; small letters
                    that follow are text (`@ORDREapo` is @ORDRE and « apo », `@DNOMM` is refused)
    *codeCabinet*   the cabinet's code, as the procedure writes it
    @@              the sign @
    nom@exemple.fr  an e-mail address is text
    @ENFANTS … @FINENFANTS   repeats for each child: whole lines between two marker lines, or part of one line
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable

import msgspec

from cabinet.errors import WebOrthoError
from cabinet.suggestions import did_you_mean
from merge.fields import BY_NAME, CABINET_CODE
from merge.merging import Block, Line, Literal, Piece, Repeat, Slot, Template, spelled_passwords

__all__ = [
    "CLOSE",
    "OPEN",
    "Block",
    "Line",
    "Literal",
    "Piece",
    "Repeat",
    "Slot",
    "Template",
    "TemplateError",
    "TemplateProblem",
    "compile_template",
]

OPEN = "ENFANTS"
CLOSE = "FINENFANTS"
_AT_NAMES = {name: field for name, field in BY_NAME.items() if field is not CABINET_CODE}
_DOMAIN = r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}"
_SIGN = re.compile(
    rf"""(?P<address> (?<![\w.%+-]) [\w.%+-]+ @ (?P<domain>{_DOMAIN}) )  # an e-mail address
       | (?P<at> @@ )
       | (?P<rest> (?<=\w) @ (?P<after> {_DOMAIN} ) )                           # … whose first part is a field
       | (?P<code> (?i: \*codeCabinet\* ) )
       | @ (?P<word> [^\W\d_]\w* )""",
    re.VERBOSE,
)


class TemplateProblem(msgspec.Struct, frozen=True):
    """One thing that is wrong with a text. `line` and `column` count from 1."""

    line: int
    column: int
    name: str
    sentence: str


class TemplateError(WebOrthoError):
    """A text that cannot be compiled. `problems` has every place; the message is the first one's."""

    def __init__(self, problems: tuple[TemplateProblem, ...]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = problems


def compile_template(text: str, given: Iterable[Slot] = ()) -> Template:
    """Compile a text. Any line break is read as one; raise `TemplateError` with every unknown field and its place.

    `given` are places that are fields already (those of a word processor), in order; what stands there is not read.
    """
    return _Compiler(text.replace("\r\n", "\n").replace("\r", "\n"), given).compile()


class _Marker(msgspec.Struct, frozen=True):
    opens: bool
    start: int
    end: int


_Sign = Literal | Slot | _Marker


class _Compiler:
    def __init__(self, text: str, given: Iterable[Slot]) -> None:
        self._text = text
        self._given = deque(given)
        self._problems: list[TemplateProblem] = []

    def compile(self) -> Template:
        signs = self._signs()
        parts = self._blocks(self._lines(signs))
        if self._problems:
            raise TemplateError(tuple(sorted(self._problems, key=lambda problem: (problem.line, problem.column))))
        return Template(self._text, tuple(parts), frozenset(sign.field for sign in signs if isinstance(sign, Slot)))

    def _signs(self) -> list[_Sign]:
        signs: list[_Sign] = []
        position = literal = 0
        while True:
            match = _SIGN.search(self._text, position)
            sign: _Sign | None
            if self._given and (match is None or self._given[0].start <= match.start()):
                sign = self._given.popleft()
                start, position = sign.start, sign.end
            elif match:
                start = match.start()
                sign, position = self._read(match)
            else:
                break
            if sign is not None:
                if literal < start:
                    signs.append(Literal(self._text[literal:start], literal, start))
                signs.append(sign)
                literal = position
        if literal < len(self._text):
            signs.append(Literal(self._text[literal:], literal, len(self._text)))
        return signs

    def _read(self, match: re.Match[str]) -> tuple[_Sign | None, int]:
        """The sign at a match, or None for text as it stands, and where to read on."""
        start, end = match.span()
        if match["at"]:
            return Literal("@", start, end), end
        if match["code"]:
            return Slot(CABINET_CODE, start, end), end
        if match["address"] or match["rest"]:
            name = (match["domain"] or match["after"]).split(".")[0]
            if name in _AT_NAMES:
                self._refuse_address(start, match[0], name)
            return None, end
        return self._read_name(start, match["word"])

    def _read_name(self, start: int, word: str) -> tuple[_Sign | None, int]:
        after = start + 1
        length = next((i for i, sign in enumerate(word) if not _continues_a_name(sign)), len(word))
        name, end = word[:length], after + length
        if self._text[end : end + 1] and unicodedata.combining(self._text[end]):
            name = ""
        if name in (OPEN, CLOSE):
            return _Marker(name == OPEN, start, end), end
        field = _AT_NAMES.get(name)
        if field is None:
            self._refuse_name(start, word)
            return None, after + len(word)
        return Slot(field, start, end), end

    def _lines(self, signs: list[_Sign]) -> list[tuple[int, list[_Sign]]]:
        """The signs of each line, with the line's number; literals are cut at line breaks."""
        lines: list[list[_Sign]] = [[]]
        for sign in signs:
            if not isinstance(sign, Literal) or "\n" not in sign.text:
                lines[-1].append(sign)
                continue
            start = sign.start
            for index, text in enumerate(sign.text.split("\n")):
                if index:
                    lines.append([])
                    start += 1
                if text:
                    lines[-1].append(Literal(text, start, start + len(text)))
                start += len(text)
        return list(enumerate(lines, 1))

    def _blocks(self, lines: list[tuple[int, list[_Sign]]]) -> list[Line | Block]:
        parts: list[Line | Block] = []
        inside: list[Line] | None = None
        opened: _Marker | None = None
        for number, signs in lines:
            alone = _marker_alone(signs)
            if alone is None:
                pieces = tuple(self._pieces(signs, nested=inside is not None))
                line = Line(number, pieces, tuple(spelled_passwords(pieces)))
                (parts if inside is None else inside).append(line)
            elif alone.opens and inside is None:
                inside, opened = [], alone
            elif not alone.opens and inside is not None:
                parts.append(Block(tuple(inside)))
                inside = opened = None
            else:
                self._refuse_marker(alone)
        if opened is not None:
            self._refuse_marker(opened)
        return parts

    def _pieces(self, signs: list[_Sign], *, nested: bool) -> list[Piece]:
        pieces: list[Piece] = []
        inside: list[Literal | Slot] | None = None
        opened: _Marker | None = None
        for sign in signs:
            if not isinstance(sign, _Marker):
                (pieces if inside is None else inside).append(sign)
            elif sign.opens and inside is None and not nested:
                inside, opened = [], sign
            elif not sign.opens and inside is not None and opened is not None:
                pieces.append(Repeat(_trimmed(inside), opened.start, sign.end))
                inside = opened = None
            else:
                self._refuse_marker(sign)
        if opened is not None:
            self._refuse_marker(opened)
        return pieces

    def _refuse_name(self, start: int, word: str) -> None:
        token = f"@{word}"
        todo = did_you_mean(token, [f"@{name}" for name in (*_AT_NAMES, OPEN, CLOSE)])
        todo = todo or "Choisissez un champ de la liste, ou écrivez @@ pour le signe @."
        self._refuse(start, token, f"le champ « {token} » n’existe pas. {todo}")

    def _refuse_address(self, start: int, address: str, name: str) -> None:
        self._refuse(
            start,
            address,
            f"« {address} » peut être une adresse e-mail ou le champ @{name}. Écrivez @@ dans une adresse, ou une "
            "espace avant le champ.",
        )

    def _refuse_marker(self, marker: _Marker) -> None:
        name, other = (OPEN, CLOSE) if marker.opens else (CLOSE, OPEN)
        self._refuse(
            marker.start,
            f"@{name}",
            f"« @{name} » n’a pas son « @{other} ». Écrivez les deux sur la même ligne, ou chacun seul sur la sienne, "
            "sans les emboîter.",
        )

    def _refuse(self, start: int, name: str, what: str) -> None:
        line = self._text.count("\n", 0, start) + 1
        column = start - self._text.rfind("\n", 0, start)
        sentence = f"Ligne {line}, colonne {column} : {what}"
        self._problems.append(TemplateProblem(line, column, name, sentence))


def _continues_a_name(sign: str) -> bool:
    return sign.isupper() or sign.isdigit()


def _marker_alone(signs: list[_Sign]) -> _Marker | None:
    """The marker of a line that holds nothing else but spaces."""
    told = [sign for sign in signs if not (isinstance(sign, Literal) and sign.text.isspace())]
    if len(told) == 1 and isinstance(told[0], _Marker):
        return told[0]
    return None


def _trimmed(pieces: list[Literal | Slot]) -> tuple[Literal | Slot, ...]:
    """Without the spaces next to the markers: between two children stands a comma or « et »."""
    trimmed = list(pieces)
    if trimmed and isinstance(first := trimmed[0], Literal):
        text = first.text.lstrip()
        trimmed[0] = Literal(text, first.end - len(text), first.end)
    if trimmed and isinstance(last := trimmed[-1], Literal):
        text = last.text.rstrip()
        trimmed[-1] = Literal(text, last.start, last.start + len(text))
    return tuple(piece for piece in trimmed if not isinstance(piece, Literal) or piece.text)
