"""The API as a protocol: bodies, limits, refusals, enrolment, OpenAPI, and the examples both sides hold to."""

import datetime as dt
import json

import msgspec
import pytest
import time_machine
import zstandard
from django.conf import settings
from django.test import Client

from cabinet.dossier import decode
from portal.api.shapes import (
    Batch,
    BatchEntry,
    Commit,
    Committed,
    Enrol,
    Enrolled,
    Manifest,
    OpenRun,
    ProblemDocument,
    Role,
    Self,
    TableCounts,
)
from portal.server.access import Reader, shown_to
from portal.server.api.bodies import MAX_JSON_BYTES
from portal.server.api.problems import Kind
from portal.server.api.routes import ENDPOINTS
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet, Device, EnrolmentCode
from tests.portal import examples
from tests.portal.server.support import Api, Publisher, enrolled

RUN = msgspec.json.encode(OpenRun("f" * 32, TableCounts(patients=1)))


def kind_of(response: object) -> str:
    return msgspec.json.decode(response.content, type=ProblemDocument).type.removeprefix("urn:webortho:")


# Bodies


def test_a_compressed_body_is_understood(publisher: Publisher) -> None:
    response = publisher.api.send("POST", "/sync/runs", zstandard.compress(RUN), headers={"content-encoding": "zstd"})
    assert response.status_code == 200


def test_a_decompression_bomb_is_refused_before_it_is_large(publisher: Publisher) -> None:
    bomb = zstandard.compress(b"0" * (512 * 1024 * 1024), 1)
    assert len(bomb) < 100_000
    response = publisher.api.send("POST", "/sync/runs", bomb, headers={"content-encoding": "zstd"})
    assert kind_of(response) == "too-large"


BAD_BODIES = {
    "no JSON": (b"{", {}, "bad-body"),
    "nothing": (b"", {}, "bad-media-type"),
    "another shape": (b'{"patients": 3}', {}, "bad-body"),
    "an unknown field": (RUN[:-1] + b',"more":1}', {}, "bad-body"),
    "a negative count": (RUN.replace(b'"patients":1', b'"patients":-1'), {}, "bad-body"),
    "a digest that is none": (RUN.replace(b"f" * 32, b"F" * 32), {}, "bad-body"),
    "nesting without end": (b"[" * 100_000, {}, "bad-body"),
    "a NUL that no database keeps": (RUN.replace(b'"patients":1', b'"patients":1,"\\u0000":1'), {}, "bad-body"),
    "bytes that are no text": (b'{"root":"\xff"}', {}, "bad-body"),
    "no zstd": (b"plain", {"content-encoding": "zstd"}, "bad-body"),
    "a cut zstd frame": (zstandard.compress(RUN)[:-4], {"content-encoding": "zstd"}, "bad-body"),
    "a coding of its own": (RUN, {"content-encoding": "br"}, "bad-media-type"),
    "another type": (RUN, {"content-type": "text/plain"}, "bad-media-type"),
    "too much": (b" " * (MAX_JSON_BYTES + 1), {}, "too-large"),
    "more than Django takes": (b" " * (7 * 1024 * 1024), {}, "too-large"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_body_that_is_not_understood_is_refused(publisher: Publisher, case: str) -> None:
    content, headers, kind = BAD_BODIES[case]
    response = publisher.api.send(
        "POST", "/sync/runs", content, content_type=headers.get("content-type", ""), headers=headers
    )
    assert kind_of(response) == kind


def test_every_refusal_says_what_happened_and_what_to_do() -> None:
    names = [kind.value.name for kind in Kind]
    assert len(set(names)) == len(names)
    for kind in Kind:
        assert kind.value.title.endswith("."), kind
        assert kind.value.detail.endswith("."), kind


# Tokens


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer sourire",
        "Bearer sourire.",
        "Bearer .x",
        "Bearer \0.\0",
        "Basic c291cmlyZTp4",
        "Bearer ' OR 1=1 --.x",
        "Bearer sourire." + "x" * 5000,
    ],
)
def test_a_token_that_is_none_is_refused(publisher: Publisher, header: str) -> None:
    response = Client().get("/api/v1/self", headers={"authorization": header})
    assert (response.status_code, kind_of(response)) == (401, "wrong-token")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="webortho"'


def test_a_token_opens_no_other_cabinet(publisher: Publisher, other_cabinet: Cabinet) -> None:
    secret = publisher.api.token.partition(".")[2]
    assert Api(f"canines.{secret}").send("GET", "/self").status_code == 401


def test_a_revoked_device_is_refused_from_its_next_request_on(publisher: Publisher) -> None:
    assert publisher.api.send("GET", "/self").status_code == 200
    registry.revoke(publisher.cabinet, Device.objects.of(publisher.cabinet).get().pk)
    document = msgspec.json.decode(publisher.api.send("GET", "/self").content, type=ProblemDocument)
    assert document.title == "Le portail ne reconnaît pas ce poste."
    assert document.detail == (
        "Son accès a été retiré ou n’a jamais été donné. Demandez un nouveau code d’enrôlement, puis enrôlez ce poste."
    )


def test_a_wrong_role_is_told_so(cabinet: Cabinet) -> None:
    response = enrolled(cabinet, Role.SYNC).send("PUT", "/settings", b"{}")
    document = msgspec.json.decode(response.content, type=ProblemDocument)
    assert (document.status, document.title) == (403, "Ce poste n’a pas le droit de faire cela.")


# Enrolment


def ask_to_enrol(code: str, name: str = "Accueil") -> object:
    return Api("").send("POST", "/enrol", Enrol(code, name))


def test_a_code_gives_a_device_its_token_once(cabinet: Cabinet) -> None:
    code = registry.issue_code(cabinet, Role.RECEPTION)
    response = ask_to_enrol(f"  {code.lower().replace('-', ' ')} ", "Poste de l’accueil")
    answer = msgspec.json.decode(response.content, type=Enrolled)
    assert (answer.cabinet_code, answer.cabinet_name, answer.time_zone) == (
        "sourire",
        "Cabinet du Sourire",
        "Europe/Paris",
    )
    assert answer.role is Role.RECEPTION
    assert answer.digest_key == registry.digest_key_of(cabinet)
    known = Api(answer.token).ask("GET", "/self", Self)
    assert known == Self("sourire", "Cabinet du Sourire", "Europe/Paris", Role.RECEPTION, "Poste de l’accueil")
    assert kind_of(ask_to_enrol(code)) == "wrong-code"


def test_a_code_is_good_for_48_hours(cabinet: Cabinet) -> None:
    start = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        early, late = (registry.issue_code(cabinet, Role.SYNC) for _ in range(2))
    with time_machine.travel(start + dt.timedelta(hours=47, minutes=59), tick=False):
        assert ask_to_enrol(early).status_code == 200
    with time_machine.travel(start + dt.timedelta(hours=48), tick=False):
        assert kind_of(ask_to_enrol(late)) == "wrong-code"


def test_a_code_reads_well_aloud(cabinet: Cabinet) -> None:
    for _ in range(50):
        code = registry.issue_code(cabinet, Role.SYNC)
        assert [len(part) for part in code.split("-")] == [4, 4, 4]
        assert not set(code) & set("01OIL")


def test_no_code_and_no_token_is_stored(cabinet: Cabinet) -> None:
    code = registry.issue_code(cabinet, Role.SYNC)
    token = msgspec.json.decode(ask_to_enrol(code).content, type=Enrolled).token
    stored = str(list(Device.objects.of(cabinet).values())) + str(list(EnrolmentCode.objects.of(cabinet).values()))
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert token.partition(".")[2] not in stored


def test_guessing_codes_is_slowed_down(cabinet: Cabinet) -> None:
    answers = [ask_to_enrol(f"AAAA-AAAA-{n:04}") for n in range(25)]
    assert [kind_of(a) for a in answers[:20]] == ["wrong-code"] * 20
    assert kind_of(answers[-1]) == "too-many-tries"


def test_a_device_name_of_control_characters_is_refused(cabinet: Cabinet) -> None:
    assert kind_of(ask_to_enrol(registry.issue_code(cabinet, Role.SYNC), "a\0b")) == "bad-body"


# OpenAPI and the contract's examples


def test_the_openapi_document_describes_every_endpoint(db: None) -> None:
    document = msgspec.json.decode(Client().get("/api/v1/openapi.json").content)
    assert document["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert len(described) == len(ENDPOINTS)
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    assert len({operation["operationId"] for operation in operations}) == len(ENDPOINTS)
    for path, item in document["paths"].items():
        for operation in item.values():
            assert operation["summary"]
            names = {parameter["name"] for parameter in operation.get("parameters", ())}
            assert all("{" + name + "}" in path for name in names)
            assert path.count("{") == len(names)


def test_every_reference_of_the_openapi_document_leads_somewhere(db: None) -> None:
    document = msgspec.json.decode(Client().get("/api/v1/openapi.json").content)
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    def references(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(value) for value in node.values()))
        return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()

    assert references(document)
    assert references(document) <= known


TRAVEL_AS_MSGPACK = {"Manifest", "ManifestEntry", "Batch", "BatchEntry"}


def test_every_shape_has_an_example() -> None:
    assert {path.stem for path in examples.FOLDER.glob("*.json")} == {*examples.SHAPES, "dossier"}


@pytest.mark.parametrize("name", examples.SHAPES)
def test_an_example_is_understood_and_written_back_the_same(name: str) -> None:
    example, shape = examples.raw(name), examples.SHAPES[name]
    decoded = msgspec.json.decode(example, type=shape)
    assert msgspec.json.decode(msgspec.json.encode(decoded)) == msgspec.json.decode(example)
    if name in TRAVEL_AS_MSGPACK:
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(decoded), type=shape) == decoded


def test_a_dossier_of_the_contract_is_published_and_shown_as_it_is_stored(publisher: Publisher) -> None:
    """Its digest is that of the contract's key: what the cabinet's side calls this dossier, the portal does too."""
    contract = json.loads(examples.raw("dossier"))
    cabinet, key = publisher.cabinet, bytes.fromhex(contract["digest_key"])
    cabinet.sealed_digest_key = settings.SEALER.seal(cabinet.code, "digest-key", "", key)
    cabinet.save()
    stored = contract["examples"].values()
    dossiers = [decode(example["encoded"].encode()) for example in stored]
    batch = Batch(
        tuple(
            BatchEntry(dossier.number, bytes.fromhex(example["digest"]), example["encoded"].encode())
            for dossier, example in zip(dossiers, stored, strict=True)
        )
    )
    state = publisher.open()
    assert publisher.api.send("PUT", f"/sync/runs/{state.run}/batches/0", batch).status_code == 204
    commit = Commit(base_root=state.portal_root, batches=1, counts=TableCounts(patients=2))
    assert publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, commit).added == 2
    manifest = msgspec.msgpack.decode(publisher.api.send("GET", "/sync/manifest").content, type=Manifest)
    assert {entry.number: entry.digest.hex() for entry in manifest.entries} == {
        dossier.number: example["digest"] for dossier, example in zip(dossiers, stored, strict=True)
    }
    for dossier in dossiers:
        shown = shown_to(Reader(cabinet, dossier.number, 1, 1))
        assert shown is not None
        assert shown.dossier == dossier


def test_health_reveals_nothing(db: None) -> None:
    response = Client().get("/api/v1/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_count_that_no_cabinet_reaches_is_refused() -> None:
    assert msgspec.json.decode(b'{"patients": 10000000}', type=TableCounts).patients == 10_000_000
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"patients": 10000001}', type=TableCounts)
