"""Reads a source as `cabinet.reading` does, and spares itself what did not change since the last reading.

What comes out is what a full reading gives. Three ways, each where the one before it does not apply:

* the files and photos are those of the last reading: all is known;
* the lines or photos of some patients are others: their rows are read, with those that had problems;
* anything else: all is read.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from hashlib import file_digest
from pathlib import Path

import msgspec

from cabinet.binding import Forms
from cabinet.cutting import CutFolder, HeldFolder, RowProblem, in_order, numbers_named
from cabinet.dates import TO_COME
from cabinet.dossier import Digest, digest_of
from cabinet.endless import look_at
from cabinet.errors import SourceError, SourceNotReady
from cabinet.filled import never_filled
from cabinet.mapping import Mapping as ExportMapping
from cabinet.photo_book import photo_book
from cabinet.problem_groups import FIRST_PLACES, Kind, Others, group
from cabinet.problems import Place
from cabinet.reading import without_collection
from cabinet.sources import Source
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source
from cabinet.sources.patient_lines import NOBODY, KnownLines, Uncuttable
from cabinet.sources.settled import MAX_BYTES
from portal.api.shapes import TableCounts
from sync.aside import Aside, at_once
from sync.fewer_files import files_of
from sync.gathered import Fresh, Gathered, Outlet, joined, read_fresh, total
from sync.plan import Fingerprint
from sync.remembered import KnownPatient, KnownProblems, Memory, Remembered

AT_ONCE = 12_000
"""Numbers of an export that is read at once, which is a little quicker."""
PORTION = 4_000
"""Patients of a larger one whose rows are in memory at once: what was made of the others is packed."""
SENT_PORTION = 500
"""The same of one whose dossiers leave as they are read: about what the portal takes in while the next are read."""
MOST_READ = 0.3
"""Where more of the patients than this part of them changed, reading all costs no more."""


def gather(
    source: Path | Location,
    mapping: ExportMapping,
    digest_key: bytes,
    memory: Path | None = None,
    outlet: Outlet | None = None,
    *,
    aside: Aside = at_once,
) -> Gathered:
    """Read the source, and encode and digest its dossiers. Raise `SourceError`: see `cabinet.reading.read`.

    `memory` is the file in which one reading tells the next what it found. Where all of the source is read, each
    dossier is offered to `outlet`, whose exceptions are raised. `aside` does what is written to `memory`.
    """
    location = source if isinstance(source, Location) else Location(str(source))
    if memory is None or location.is_database:
        now = _read_all(location, mapping, digest_key, outlet)
    else:
        with without_collection():
            remembered = Memory(memory, location, mapping, digest_key, aside)
            now = _Rereading(location, mapping, digest_key, remembered, outlet).gathered()
    if len(now.encoded) < len(now.fingerprints):
        read_again = partial(_read_all, location, mapping, digest_key)
        now = msgspec.structs.replace(now, encoded=_Encodings(now.encoded, now.fingerprints, read_again))
    # Of all patients, and so known of no row: told here, whichever way they were read.
    missing = never_filled(now.counts.patients, now.counts.filled, Place(mapping.patients.table_name))
    problems = (*now.problems, *group(missing))
    return msgspec.structs.replace(now, problems=problems, files=files_of(location, mapping))


def _read_all(location: Location, mapping: ExportMapping, digest_key: bytes, outlet: Outlet | None = None) -> Gathered:
    if outlet:
        outlet.begin()
    with closing(open_source(location)) as source:
        photos = photo_book(location, mapping, digest_key)
        return read_fresh(source, mapping, photos, digest_key, outlet=outlet).gathered


class _Encodings(dict[str, bytes]):
    """Those of the dossiers that were read; the others are read when the portal turns out to lack one."""

    def __init__(
        self, known: Mapping[str, bytes], fingerprints: Mapping[str, Fingerprint], read_all: Callable[[], Gathered]
    ) -> None:
        super().__init__(known)
        self._fingerprints = fingerprints
        self._read_all = read_all

    def __missing__(self, number: str) -> bytes:
        now = self._read_all()
        self.update(
            (n, now.encoded[n])
            for n, print_ in self._fingerprints.items()
            if n in now.fingerprints and now.fingerprints[n].digest == print_.digest
        )
        if number not in self:
            raise SourceNotReady(
                "L’export a changé pendant la synchronisation.", "Attendez la fin de l’export, puis recommencez."
            )
        return self[number]


class _Rereading:
    """One reading, and what it knows of the last one."""

    def __init__(
        self, location: Location, mapping: ExportMapping, digest_key: bytes, memory: Memory, outlet: Outlet | None
    ) -> None:
        self._outlet = outlet
        self._location = location
        self._mapping = mapping
        self._key = digest_key
        self._memory = memory
        self._last = memory.recall()
        self._photos = photo_book(location, mapping, digest_key, self._last.photos if self._last else None)

    def gathered(self) -> Gathered:
        if Path(self._location.text).is_dir():
            return self._gathered_folder(HeldFolder(Path(self._location.text)))
        return self._gathered_file(Path(self._location.text))

    def _gathered_folder(self, folder: HeldFolder) -> Gathered:
        last = self._last
        try:
            cut = CutFolder(folder, self._mapping, self._key, last.lines if last else ())
            if last and last.lines and (now := self._reread(cut, last)):
                folder.require_settled()
                return now
        except Uncuttable:
            cut = None
        return self._read_whole(folder, cut)

    def _read_whole(self, folder: HeldFolder, cut: CutFolder | None) -> Gathered:
        if cut is not None and (now := self._read_portions(cut)):
            return now
        files: dict[str, bytes] = {}
        with contextlib.suppress(SourceError):
            # The reading tells it, in the order in which it reads.
            files.update(folder.digests(self._mapping, self._key))
        if files and (now := self._known(files)):
            folder.require_settled()
            return now
        folder.let_go()
        fresh = self._read_sending(folder)
        self._keep(fresh.gathered, fresh.patients, files=files)
        return fresh.gathered

    def _read_portions(self, cut: CutFolder) -> Gathered | None:
        """All of it, some patients after the others; None where the files must be read as they stand."""
        try:
            is_large = len(cut.numbers) > AT_ONCE
            if not is_large and self._outlet is None:
                now = self._fresh(cut.all_rows())
            else:
                self._begin()
                portions, forms = cut.portions(SENT_PORTION if self._outlet else PORTION), Forms()
                now = joined((self._fresh(one, self._outlet, forms) for one in portions), self._photos)
            row_problems = _by_kind(cut.row_problems(now.problems))
        except (Uncuttable, SourceError):
            self._begin()
            return None
        self._keep(
            now.gathered,
            now.patients,
            lines=cut.known,
            row_problems=row_problems,
            careful=numbers_named(now.problems),
        )
        return now.gathered

    def _fresh(self, rows: Source, outlet: Outlet | None = None, forms: Forms | None = None) -> Fresh:
        return read_fresh(rows, self._mapping, self._photos, self._key, outlet=outlet, forms=forms)

    def _read_sending(self, source: Source) -> Fresh:
        self._begin()
        return self._fresh(source, self._outlet)

    def _begin(self) -> None:
        if self._outlet:
            self._outlet.begin()

    def _gathered_file(self, path: Path) -> Gathered:
        """A workbook: all of it is read where a byte of it changed."""
        before = self._digest_of(path)
        if before and (now := self._known({path.name: before})):
            return now
        with closing(open_source(self._location)) as source:
            fresh = self._read_sending(source)
        if before and before == self._digest_of(path):
            self._keep(fresh.gathered, fresh.patients, files={path.name: before})
        return fresh.gathered

    def _digest_of(self, path: Path) -> Digest | None:
        try:
            if look_at(path).st_size > MAX_BYTES:
                return None  # whoever opens it says so, without reading it
            with path.open("rb") as file:
                return digest_of(file_digest(file, "blake2b").digest(), self._key)
        except OSError:
            return None

    def _known(self, files: Mapping[str, bytes]) -> Gathered | None:
        """All of it, where files and photos are those of the last reading."""
        last = self._last
        return self._all_of(last) if last is not None and files == last.files else None

    def _all_of(self, last: Remembered) -> Gathered | None:
        """What was remembered, unless a photo changed or the day may have."""
        if any(known.code == TO_COME for known in last.problems):
            return None
        if self._photos.others(_photos_of(last, but=())):
            return None
        if self._photos.problems != last.photo_problems:
            return None
        if self._photos.known != last.photos:
            self._memory.keep(msgspec.structs.replace(last, photos=self._photos.known))
        return self._gathered(last, {})

    def _reread(self, cut: CutFolder, last: Remembered) -> Gathered | None:
        """The patients who changed are read, and those whose rows have problems; the others are known.

        None where reading all costs no more. Raise `Uncuttable`.
        """
        if cut.forms_changed:
            return None
        if cut.is_known and (now := self._all_of(last)):
            return now
        numbers = self._to_read(cut, last)
        # The first of each kind of problems is read again: its sentence stands for the others.
        standing = [_without(known, numbers) for known in last.row_problems]
        numbers |= {n for known in standing for _, n in cut.first_of(known.file, known.rows, 1)}
        standing = [_without(known, numbers) for known in standing]
        if len(numbers) > MOST_READ * len(last.patients):
            return None
        fresh = self._fresh(cut.chosen(numbers))
        patients = last.patients | fresh.patients
        for number in numbers.difference(fresh.patients):
            patients.pop(number, None)
        if not last.patients.keys() >= fresh.patients.keys():
            patients = dict(sorted(patients.items()))
        former = {number: last.patients[number] for number in numbers.intersection(last.patients)}
        others = {known.kind: _others(known, cut) for known in standing if known.rows}
        remembered = Remembered(
            files={},
            lines=cut.known,
            patients=patients,
            row_problems=_by_kind(cut.row_problems(fresh.problems), standing),
            careful=numbers_named(fresh.problems),
            refused=fresh.gathered.refused | _still_there(last.refused - numbers, cut),
            open_ended=last.open_ended,
            counts=_moved(last.counts, total(former), fresh.gathered.counts),
            rows=cut.rows,
            problems=group(in_order(fresh.problems), others),
            photos=self._photos.known,
            photo_problems=self._photos.problems,
        )
        self._memory.keep(remembered)
        return self._gathered(remembered, fresh.gathered.encoded)

    def _to_read(self, cut: CutFolder, last: Remembered) -> frozenset[str]:
        """Who changed, and who is read every time."""
        read = cut.changed | last.careful | cut.always
        read = read.union(*(known.rows for known in last.row_problems if known.code == TO_COME))
        return read | self._photos.others(_photos_of(last, but=read))

    def _gathered(self, remembered: Remembered, encoded: Mapping[str, bytes]) -> Gathered:
        return Gathered(
            fingerprints=remembered.patients,
            encoded=encoded,
            counts=remembered.counts,
            photos=self._photos.files,
            problems=remembered.problems,
            rows=remembered.rows,
            refused=remembered.refused,
            open_ended=remembered.open_ended,
        )

    def _keep(
        self,
        now: Gathered,
        patients: dict[str, KnownPatient],
        *,
        files: Mapping[str, bytes] | None = None,
        lines: tuple[KnownLines, ...] = (),
        row_problems: tuple[KnownProblems, ...] = (),
        careful: frozenset[str] = frozenset(),
    ) -> None:
        self._memory.keep(
            Remembered(
                files=dict(files or {}),
                lines=lines,
                patients=dict(sorted(patients.items())),
                row_problems=row_problems,
                careful=careful,
                refused=now.refused,
                open_ended=now.open_ended,
                counts=now.counts,
                rows=now.rows,
                problems=now.problems,
                photos=self._photos.known,
                photo_problems=self._photos.problems,
            )
        )


def _moved(counts: TableCounts, former: TableCounts, fresh: TableCounts) -> TableCounts:
    """Of all patients, once the `former` rows of some are the `fresh` ones."""
    return TableCounts(
        patients=counts.patients - former.patients + fresh.patients,
        appointments=counts.appointments - former.appointments + fresh.appointments,
        instalments=counts.instalments - former.instalments + fresh.instalments,
        fees=counts.fees - former.fees + fresh.fees,
        filled=tuple(a - b + c for a, b, c in zip(counts.filled, former.filled, fresh.filled, strict=True)),
    )


def _still_there(refused: frozenset[str], cut: CutFolder) -> frozenset[str]:
    return refused & cut.numbers if refused else refused


def _photos_of(last: Remembered, but: Collection[str]) -> dict[str, str]:
    return {number: known.photo_digest for number, known in last.patients.items() if number not in but}


def _without(known: KnownProblems, numbers: Collection[str]) -> KnownProblems:
    rows = {number: rows for number, rows in known.rows.items() if number not in numbers}
    return msgspec.structs.replace(known, rows=rows)


def _others(known: KnownProblems, cut: CutFolder) -> Others:
    lines = [line for line, _ in cut.first_of(known.file, known.rows, FIRST_PLACES)]
    return Others(sum(map(len, known.rows.values())), lines)


def _by_kind(
    problems: Mapping[str, Sequence[RowProblem]], standing: Iterable[KnownProblems] = ()
) -> tuple[KnownProblems, ...]:
    """The problems of patients' rows (number -> problems), and those that stand as they did."""
    found: dict[Kind, dict[str, list[int]]] = {}
    for number, own in problems.items():
        if number != NOBODY:
            for one in own:
                kind = (one.severity, one.code, one.file, one.column)
                found.setdefault(kind, {}).setdefault(number, []).append(one.row)
    rows: dict[Kind, dict[str, tuple[int, ...]]] = {known.kind: known.rows for known in standing if known.rows}
    for kind, read_now in found.items():
        rows[kind] = rows.get(kind, {}) | {number: tuple(sorted(places)) for number, places in read_now.items()}
    return tuple(KnownProblems(*kind, places) for kind, places in rows.items())
