"""What a letter announces as « Objet : … »: an e-mail's subject."""

from merge.letters.model import Block, LetterTemplate, Paragraph

_SUBJECT = "Objet"


def subject_of(letter: LetterTemplate) -> str:
    """What follows « Objet : », else the letter's title."""
    told = next(filter(None, map(announced, letter.blocks)), letter.title)
    return told[:1].upper() + told[1:]


def without_subject(letter: LetterTemplate) -> tuple[Block, ...]:
    """The blocks but the one that announces."""
    place = next((place for place, block in enumerate(letter.blocks) if announced(block)), None)
    return letter.blocks if place is None else letter.blocks[:place] + letter.blocks[place + 1 :]


def announced(block: Block) -> str:
    """What « Objet : … » announces, "" for every other block."""
    if not isinstance(block, Paragraph):
        return ""
    head, _, told = "".join(run.text for run in block.runs).partition(":")
    return " ".join(told.split()) if head.strip("\u00a0 ") == _SUBJECT else ""
