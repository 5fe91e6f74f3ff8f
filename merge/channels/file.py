"""SMS into a CSV file, for any gateway that takes one: a line a message, on the disk before it counts as sent."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from cabinet.system_words import why
from merge.channels.channel import ChannelUnavailableError, Outcome, Outgoing, Result
from merge.csv_safe import csv_text

HEADER = ("Numéro", "Message", "Référence")


class CsvFileChannel:
    """Appends to a file; what is in it stays. UTF-8 with BOM, semicolons: a spreadsheet opens it by itself.

    A number stands as 0033…: a + would be neutralised, and gateways read both.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def check(self) -> None:
        """That the file can be written."""
        self._open()

    def send(self, message: Outgoing) -> Result:
        number = "00" + message.address.removeprefix("+")
        if not number.isdigit():
            return Result(Outcome.PERMANENT, "Le numéro de mobile ne peut pas être utilisé tel quel.")
        file = self._open()
        start = os.fstat(file).st_size
        row = csv_text([(number, message.body.decode("utf-8"), message.id)])
        try:
            _write(file, row.encode("utf-8"))
        except OSError as error:
            try:
                os.ftruncate(file, start)
            except OSError:
                return Result(Outcome.UNKNOWN, f"La fin de « {self._path.name} » est peut-être incomplète.")
            raise self._unavailable(error) from error
        return Result(Outcome.SENT, f"Écrit dans « {self._path.name} »")

    def _open(self) -> int:
        if self._file is None:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
            try:
                self._file = os.open(self._path, flags, 0o600)
                if os.fstat(self._file).st_size == 0:
                    _write(self._file, ("\ufeff" + csv_text([HEADER])).encode("utf-8"))
            except OSError as error:
                raise self._unavailable(error) from error
        return self._file

    def _unavailable(self, error: OSError) -> ChannelUnavailableError:
        return ChannelUnavailableError(
            f"Le fichier « {self._path} » ne peut pas être écrit ({why(error)}).",
            "Fermez-le s’il est ouvert, vérifiez la place sur le disque, puis reprenez l’envoi.",
        )


def _write(file: int, content: bytes) -> None:
    """All of it, and on the disk."""
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]
    os.fsync(file)
