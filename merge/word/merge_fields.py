"""Word's own merge fields become places in the text: MERGEFIELD as one element or as a sequence of field characters.

A place is a `w:t` with the attribute `PLACE`, in the run of the field's result (else of its code). The
fields that Word computes (PAGE, DATE, REF) stay as they are; those that need a data source of Word's, or read
files, are refused.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from merge.fields import Field
from merge.word.names import field_named, why_unknown
from merge.word.switches import read_instruction, switched
from merge.word.xml import RUN, TEXT, P, W, child, remove, replace_by, value_of

PLACE = "place"
_MERGE = frozenset({"MERGEFIELD", "CHAMPFUSION", "FUSIONNE"})
_OF_A_SOURCE = frozenset(
    {"ADDRESSBLOCK", "GREETINGLINE", "MERGEREC", "MERGESEQ", "NEXT", "NEXTIF", "SKIPIF", "DATABASE"}
)
_READS_FILES = frozenset(
    {"INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "DDE", "DDEAUTO", "RD", "MACROBUTTON"}
    | {"INCLURETEXTE", "INCLUREIMAGE", "LIAISON", "INSERER", "IMPORTER"}
)
"""Fields that fetch a file or start a program when a letter is opened; and their names in French versions."""
_GONE = (f"{W}del", f"{W}moveFrom")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a field of Word's, and the paragraph it stands in."""

    paragraph: etree._Element | None
    name: str
    sentence: str


@dataclass
class _Open:
    """A sequence of field characters that has begun."""

    begin: etree._Element
    code: list[str] = field(default_factory=list)
    members: list[etree._Element] = field(default_factory=list)
    """Children of runs, from the first field character to the last."""
    result: etree._Element | None = None
    in_result: bool = False


class MergeFields:
    """Finds the merge fields of a part and makes places of them; `fields` then says what stands at each place."""

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self.complaints: list[Complaint] = []

    def take(self, root: etree._Element) -> None:
        """Replace the merge fields of a part's tree."""
        self._sequences(root)
        for simple in list(root.iter(f"{W}fldSimple")):
            self._simple(simple)

    def _simple(self, simple: etree._Element) -> None:
        found = self._read(value_of(simple, "instr"), simple)
        if found is None:
            return
        run = next(simple.iter(RUN), None)
        looks = None if run is None else child(run, "rPr")
        merged = etree.Element(RUN)
        if looks is not None:
            merged.append(deepcopy(looks))
        merged.append(self._place(found))
        replace_by(simple, merged)

    def _sequences(self, root: etree._Element) -> None:
        stack: list[_Open] = []
        for item in list(run_children(root)):
            kind = value_of(item, "fldCharType") if item.tag == f"{W}fldChar" else ""
            if kind == "begin":
                stack.append(_Open(item))
            for one in stack:
                one.members.append(item)
            if not stack:
                continue
            top = stack[-1]
            if item.tag == f"{W}instrText" and not top.in_result:
                top.code.append(item.text or "")
            elif kind == "separate":
                top.in_result = True
            elif kind == "end":
                self._end(stack.pop(), stack)
            elif top.in_result and top.result is None and not kind:
                top.result = item

    def _end(self, sequence: _Open, around: list[_Open]) -> None:
        code = "".join(sequence.code)
        if around and not around[-1].in_result and not "".join(around[-1].code).strip():
            self._complain(
                sequence.begin,
                read_instruction(code).kind,
                "un champ Word est formé par un autre champ, et pourrait chercher un fichier ailleurs. Supprimez-le.",
            )
        found = self._read(code, sequence.begin)
        if found is None:
            return
        if around and not around[-1].in_result:
            outer = read_instruction("".join(around[-1].code)).kind or "?"
            self._complain(
                sequence.begin,
                outer,
                f"un champ de fusion est dans la formule du champ Word « {outer} », que WebOrtho ne calcule pas. "
                "Écrivez le champ dans le texte.",
            )
        like = sequence.begin if sequence.result is None else sequence.result
        place = self._place(found)
        like.addprevious(place)
        for member in sequence.members:
            drop(member)
        for one in around:
            one.members = [member for member in one.members if member not in sequence.members]
            one.members.append(place)

    def _read(self, code: str, at: etree._Element) -> Field | None:
        """The field that a code names, or None for a field that is not merged."""
        instruction = read_instruction(code)
        if instruction.kind in _OF_A_SOURCE:
            why = f"le champ Word « {instruction.kind} » n’est pas repris. Écrivez à sa place les champs de la liste."
            self._complain(at, instruction.kind, why)
        if instruction.kind in _READS_FILES:
            why = (
                f"le champ Word « {instruction.kind} » va chercher un fichier ailleurs. Mettez son contenu à sa place."
            )
            self._complain(at, instruction.kind, why)
        if instruction.kind not in _MERGE:
            return None
        known = field_named(instruction.name)
        if known is None:
            self._complain(at, instruction.name, why_unknown(instruction.name))
            return None
        return switched(known, instruction.switches)

    def _complain(self, at: etree._Element, name: str, sentence: str) -> None:
        paragraph = next(at.iterancestors(P), None)
        self.complaints.append(Complaint(paragraph, name, sentence))

    def _place(self, found: Field) -> etree._Element:
        self.fields.append(found)
        return etree.Element(TEXT, {PLACE: str(len(self.fields) - 1)})


def run_children(root: etree._Element) -> Iterator[etree._Element]:
    """What the part's runs hold, in order; deleted text is none."""
    for run in root.iter(RUN):
        if next(run.iterancestors(*_GONE), None) is None:
            yield from (item for item in run if item.tag != f"{W}rPr")


def drop(member: etree._Element) -> None:
    """Remove a run's child, and the run with it when nothing else is in it."""
    run = member.getparent()
    if run is None:
        return
    run.remove(member)
    if run.tag == RUN and all(item.tag == f"{W}rPr" for item in run):
        remove(run)
