"""What was typed in the assistant, so that it can be left and taken up again at any step. No Qt, no secret."""

import contextlib
from enum import IntEnum
from pathlib import Path

import msgspec

from sync.replaced_file import replace_file

_FILE = "premier-demarrage.json"


class Step(IntEnum):
    PORTAL = 0
    SOURCE = 1
    COLUMNS = 2
    SENDERS = 3
    PUBLISH = 4


LABELS = ("Portail", "Export", "Contenu", "Expéditeurs", "Publication")


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """The one-time code is not kept: it is a secret, and opens once."""

    step: Step = Step.PORTAL
    address: str = ""
    device_name: str = ""
    cabinet_name: str = ""
    """Known once this computer is enrolled."""
    taken: str = ""
    """What came from the cabinet's other computers, as a sentence."""
    source: str = ""
    reads_source: bool = True
    mapping: str = ""


def needed(config_file: Path) -> bool:
    """Whether this computer still has to be set up: never begun, or begun and left."""
    return not config_file.exists() or _file(config_file).exists()


def read_draft(config_file: Path) -> Draft:
    """What was kept; an empty draft where there is none, or one that cannot be read."""
    try:
        return msgspec.json.decode(_file(config_file).read_bytes(), type=Draft)
    except (OSError, msgspec.DecodeError):
        return Draft()


def keep_draft(draft: Draft, config_file: Path) -> None:
    """A draft that cannot be written is no reason to stop: only the next start asks again."""
    with contextlib.suppress(OSError):
        config_file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(_file(config_file), (msgspec.json.encode(draft),))


def forget_draft(config_file: Path) -> None:
    with contextlib.suppress(OSError):
        _file(config_file).unlink(missing_ok=True)


def _file(config_file: Path) -> Path:
    return config_file.parent / _FILE
