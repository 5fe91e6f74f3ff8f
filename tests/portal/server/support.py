"""How the hosted backend's tests speak to it: as devices of a cabinet that publish dossiers of invented patients."""

import datetime as dt
from collections.abc import Iterable
from io import BytesIO
from typing import Any, TypeVar

import msgspec
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from cabinet.dossier import (
    Addressee,
    Appointment,
    AppointmentStatus,
    Balance,
    Dossier,
    Fee,
    Instalment,
    Patient,
    canonical,
    digest_of,
    encode,
)
from portal.api.shapes import (
    API_ROOT,
    Batch,
    BatchEntry,
    Commit,
    Committed,
    OpenRun,
    Role,
    RunState,
    RunStatus,
    TableCounts,
)
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet

S = TypeVar("S")


class Api:
    """A device of a cabinet, speaking to the portal as the cabinet's programs do, without a network."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._client = Client(headers={"authorization": f"Bearer {token}"} if token else {})

    def send(
        self, method: str, path: str, body: object = None, *, content_type: str = "", **extra: Any
    ) -> HttpResponse:
        """A shape travels as JSON, a `Batch` as msgpack, bytes as they are."""
        if isinstance(body, Batch):
            data, kind = msgspec.msgpack.encode(body), "application/msgpack"
        elif isinstance(body, bytes):
            data, kind = body, "application/json"
        else:
            data, kind = (b"" if body is None else msgspec.json.encode(body)), "application/json"
        response: HttpResponse = self._client.generic(method, API_ROOT + path, data, content_type or kind, **extra)  # type: ignore[assignment]  # the test client's answer
        return response

    def ask(self, method: str, path: str, shape: type[S], body: object = None) -> S:
        response = self.send(method, path, body)
        assert response.status_code == 200, response.content.decode()
        return msgspec.json.decode(response.content, type=shape)


class Publisher:
    """Publishes dossiers through the API, as a sync does."""

    def __init__(self, cabinet: Cabinet, api: Api) -> None:
        self.cabinet = cabinet
        self.api = api
        self.key = registry.digest_key_of(cabinet)

    def entry(self, dossier: Dossier) -> BatchEntry:
        encoded = encode(canonical(dossier))
        return BatchEntry(dossier.number, digest_of(encoded, self.key), encoded)

    def open(self, counts: TableCounts | None = None, root: str = "f" * 32) -> RunState:
        """A root that nothing has opens a run whatever is shown."""
        return self.api.ask("POST", "/sync/runs", RunState, OpenRun(root, counts or TableCounts(patients=1)))

    def stage(self, run: str, *batches: Iterable[Dossier]) -> None:
        for index, dossiers in enumerate(batches):
            batch = Batch(tuple(self.entry(dossier) for dossier in dossiers))
            response = self.api.send("PUT", f"/sync/runs/{run}/batches/{index}", batch)
            assert response.status_code == 204, response.content.decode()

    def publish(
        self,
        *dossiers: Dossier,
        withdrawn: Iterable[str] = (),
        confirm: bool = False,
        counts: TableCounts | None = None,
    ) -> Committed:
        """One whole run: these dossiers added or changed, these numbers withdrawn, the others left as they are."""
        counts = counts or TableCounts(patients=1)
        state = self.open(counts)
        assert state.status is RunStatus.OPEN
        self.stage(state.run, *((dossiers,) if dossiers else ()))
        request = Commit(
            base_root=state.portal_root,
            batches=1 if dossiers else 0,
            withdrawn=tuple(withdrawn),
            confirm_withdrawals=confirm,
            counts=counts,
        )
        return self.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request)


def make_dossier(number: str, *, email: str = "parent@exemple.fr", **changes: Any) -> Dossier:
    """A full dossier of an invented patient; `changes` replace its parts."""
    dossier = Dossier(
        patient=Patient(number, "Mademoiselle", "MARTINEAU", "Zoé", dt.date(2012, 4, 15), dt.date(2024, 9, 13)),
        addressees=(
            Addressee("Madame", "MARTINEAU", "Anne", "3 rue des Lilas", "", "21000", "DIJON", email, "0601020304"),
        ),
        appointments=(
            Appointment(dt.datetime(2024, 9, 13, 16, 20), "RVC", 20, "CC", AppointmentStatus.ATTENDED),  # noqa: DTZ001 - local times of the cabinet
            Appointment(dt.datetime(2099, 10, 8, 10, 0), "CONT", 20, "CC"),  # noqa: DTZ001 - local times of the cabinet
        ),
        instalments=(Instalment("1er SEMESTRE", 22867, 22800, True, dt.date(2024, 10, 1)),),
        fees=(Fee("1er SEMESTRE", 39000, 39000, 0, dt.date(2024, 10, 1)),),
        balance=Balance(39000, dt.date(2024, 10, 2)),
    )
    return msgspec.structs.replace(dossier, **changes)


def enrolled(cabinet: Cabinet, role: Role = Role.SYNC, name: str = "Poste d’essai") -> Api:
    """A device of that role, with a token of its own."""
    new = registry.enrol(registry.issue_code(cabinet, role), name)
    assert new is not None
    return Api(new.token)


def png_image(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    """A small picture that is really one."""
    output = BytesIO()
    Image.new(mode, size, 128 if mode == "L" else (200, 120, 40, 255)[: len(mode)]).save(output, "PNG")
    return output.getvalue()
