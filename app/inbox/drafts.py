"""Answers that are being written: kept in a file beside the journal, so that leaving or a crash loses none. No Qt."""

import logging
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import msgspec

from merge.letters.whole_file import OutputError, whole_file

_log = logging.getLogger("app")


class AnswerDrafts:
    """By message, the text so far. A damaged file is like none."""

    def __init__(self, state_dir: Path, cabinet: str) -> None:
        self._path = state_dir / f"reponses-{cabinet}.json"
        self._texts = self._read()
        self._writing = Lock()

    @property
    def texts(self) -> Mapping[str, str]:
        return self._texts

    def note(self, message: str, text: str) -> bool:
        """Remember the text, "" for none any more. Whether that is news, and so worth a `save`."""
        if self._texts.get(message, "") == text:
            return False
        # A new mapping: `save` may be writing the former one.
        self._texts = {key: value for key, value in {**self._texts, message: text}.items() if value}
        return True

    def save(self) -> None:
        """Written whole or not at all, from any thread. A disk that refuses is logged: the text is still shown."""
        with self._writing:
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with whole_file(self._path) as file:
                    # What families and the cabinet write is for this account alone.
                    Path(file.name).chmod(0o600)
                    file.write(msgspec.json.encode(self._texts))
            except (OSError, OutputError):
                _log.warning("the drafts of answers were not kept")

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}
