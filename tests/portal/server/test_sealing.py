"""What is sealed opens at its own place only; keys rotate under a running portal; the key file is guarded."""

import os
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from cabinet.dossier import Dossier
from portal.server import rotation
from portal.server.access import Reader, shown_to
from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.registry import digest_key_of
from portal.server.publishing.models import PublishedDossier
from portal.server.sealing import KeyFile, SealBroken, Sealer, SealingError, create_ring, read_ring, write_ring

PLACES = st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))


@given(st.binary(max_size=200), PLACES)
def test_what_is_sealed_opens_at_its_place(plain: bytes, place: tuple[str, str, str]) -> None:
    sealer = Sealer(create_ring())
    assert sealer.open(*place, sealer.seal(*place, plain)) == plain


@given(PLACES, PLACES)
def test_what_is_moved_to_another_place_does_not_open(place: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    sealer = Sealer(create_ring())
    sealed = sealer.seal(*place, b"secret")
    if place != other:
        with pytest.raises(SealBroken):
            sealer.open(*other, sealed)


@given(st.data())
def test_one_altered_byte_is_noticed(data: st.DataObject) -> None:
    sealer = Sealer(create_ring())
    sealed = bytearray(sealer.seal("sourire", "dossier", "1", b"secret"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        sealer.open("sourire", "dossier", "1", bytes(sealed))


def test_a_dossier_moved_to_another_patients_row_is_not_shown(published: Cabinet) -> None:
    rows = PublishedDossier.objects.of(published)
    rows.filter(number="0042").update(sealed=rows.get(number="5312").sealed)
    with pytest.raises(SealBroken):
        shown_to(Reader(published, "0042", 1, 1))


def test_a_dossier_moved_to_another_cabinet_is_not_shown(published: Cabinet, other_cabinet: Cabinet) -> None:
    PublishedDossier.objects.of(published).filter(number="5312").update(cabinet=other_cabinet)
    with pytest.raises(SealBroken):
        shown_to(Reader(other_cabinet, "5312", 1, 1))


def test_nothing_of_a_patient_lies_readable_in_the_database(published: Cabinet) -> None:
    for row in PublishedDossier.objects.of(published):
        assert b"MARTINEAU" not in bytes(row.sealed)


def test_every_sealed_column_is_known_to_the_rotation() -> None:
    columns = {
        (model.__name__, field.name)
        for model in apps.get_models()
        if model.__module__.startswith("portal.")
        for field in model._meta.fields
        if field.name.startswith("sealed")
    }
    assert {(c.model.__name__, c.column) for c in rotation.SEALED_COLUMNS} == columns


def test_a_rotation_seals_everything_anew_and_then_forgets_the_former_key(
    published: Cabinet, demo_dossiers: tuple[Dossier, ...]
) -> None:
    keys_file = settings.CONFIG.keys_file
    before = read_ring(keys_file)
    assert rotation.begin(keys_file)
    assert not rotation.begin(keys_file), "a second start takes up the rotation that is under way"
    result = rotation.reseal()
    assert result == rotation.Resealed(rows=len(demo_dossiers) + 1, broken=0)
    assert rotation.finish(keys_file) == rotation.Resealed(0, 0)

    after = read_ring(keys_file)
    assert len(after.keys) == 1
    assert after.newest != before.newest
    published.refresh_from_db()
    assert digest_key_of(published)
    for dossier in demo_dossiers:
        shown = shown_to(Reader(published, dossier.number, 1, 1))
        assert shown is not None
        assert shown.dossier == dossier


def test_keys_that_a_row_still_needs_are_kept(published: Cabinet) -> None:
    keys_file = settings.CONFIG.keys_file
    rotation.begin(keys_file)
    PublishedDossier.objects.of(published).filter(number="5312").update(sealed=b"\x01\x01" + b"x" * 40)
    with pytest.raises(rotation.RotationRefused) as refused:
        rotation.finish(keys_file)
    assert str(refused.value) == (
        "1 valeurs scellées ne s’ouvrent avec aucune clé de l’installation. Les clés sont gardées. "
        "Reprenez de vos sauvegardes le fichier de clés d’alors, ou restaurez la base qui va avec celui-ci."
    )
    assert len(read_ring(keys_file).keys) == 2
    write_ring(read_ring(keys_file).without_old_keys(), keys_file)


def test_a_running_portal_follows_a_new_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_ring(create_ring(), path)
    running, other = Sealer(KeyFile(path)), Sealer(KeyFile(path))
    former = running.seal("sourire", "dossier", "1", b"before")
    write_ring(read_ring(path).with_new_key(), path)
    assert other.is_sealed_with_newest(running.seal("sourire", "dossier", "1", b"after"))
    assert not other.is_sealed_with_newest(former)
    assert running.open("sourire", "dossier", "1", former) == b"before"
    path.unlink()
    assert running.open("sourire", "dossier", "1", former) == b"before"


@pytest.mark.parametrize(
    ("content", "mode", "sentence"),
    [
        (None, 0o600, "n’existe pas. Lancez d’abord «\u00a0webortho portal migrate\u00a0»."),
        ("{", 0o600, "est illisible. Reprenez-le de votre sauvegarde\u00a0: sans lui, rien ne s’ouvre."),
        ('{"keys": [], "hash_secret": ""}', 0o600, "ne contient pas de clé valable. Reprenez votre sauvegarde."),
        ("{}", 0o600, "est illisible. Reprenez-le de votre sauvegarde\u00a0: sans lui, rien ne s’ouvre."),
    ],
)
def test_a_key_file_that_cannot_be_used_is_refused(
    tmp_path: Path, content: str | None, mode: int, sentence: str
) -> None:
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    with pytest.raises(SealingError) as refused:
        read_ring(path)
    assert str(refused.value) == f"Le fichier de clés {path} {sentence}"


@pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_ring(create_ring(), path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(SealingError, match=r"lisible par d’autres comptes. Lancez «\u00a0chmod 600"):
        read_ring(path)
