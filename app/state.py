"""What the program remembers by itself between two starts (what a person chose is in `app.settings`). No Qt."""

import logging
from pathlib import Path

import msgspec

from sync.replaced_file import replace_file

FILE_NAME = "application.json"

_log = logging.getLogger("app")


class Printing(msgspec.Struct, frozen=True, omit_defaults=True):
    """How letters were put on paper last, for `app.mailing.paper_options`; what it does not know there is its default.

    Words of enumerations are kept as text: one of a newer version must not cost what else is remembered.
    """

    form: str = ""
    order: str = ""
    files: str = ""
    batch_pages: int = 0
    envelopes: str = ""
    sender: bool = False
    duplex: bool = False
    index: bool = False
    mail_house: bool = False
    cards: bool = False


class Remembered(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything has a default: a file of an older or newer version loses what it does not have."""

    geometry: str = ""
    """Qt's own description of the window's place and size, in base64."""
    screen: str = ""
    """The entry that was shown last."""
    printing: Printing = Printing()


def recall(state_dir: Path) -> Remembered:
    """What was remembered; nothing when the file is missing or damaged: that never keeps the program from starting."""
    try:
        return msgspec.json.decode((state_dir / FILE_NAME).read_bytes(), type=Remembered)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Remembered()


def remember(state_dir: Path, state: Remembered) -> None:
    """Written whole or not at all. A disk that refuses it is logged: nothing a person did is lost."""
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(state_dir / FILE_NAME, (msgspec.json.encode(state),))
    except OSError as error:
        _log.warning("the window's state was not kept: %s", error.strerror)
