"""Two computers of a cabinet, each with a folder of its own, and a real portal between them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from app.desk.desk import Desk
from app.desk.senders import Senders
from app.desk.shared_files import SharingError
from app.desk.sharing import Shared, Sharing, taken_sentence
from app.settings import DeskSettings, SmsKind, SmsSettings, SmtpSettings, read_settings, write_settings
from cabinet.errors import MappingError
from cli.embedded_portal import EmbeddedPortal
from merge.recipients import ChannelKind
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.desk_client import DeskClient
from portal.api.documents import DocumentName
from portal.api.documents_client import DocumentsClient
from portal.api.shapes import Role
from sync.config import SecretKind, SyncConfig, keep_credentials, open_store, read_config, write_config
from sync.portal_mapping import PortalMapping
from tests.app.practice import NewCabinet
from tests.e2e.journey.small_export import MAPPING

Computer = Callable[..., "One"]


class One:
    """A computer: what it has, and its conversation with the portal."""

    def __init__(self, desk: Desk, documents: DocumentsClient, *, may_save: bool) -> None:
        self.desk = desk
        self.documents = documents
        self.sharing = Sharing(desk, documents, may_save=may_save)

    def compare(self) -> Shared:
        return self.sharing.compare()

    def set_mapping(self, text: str) -> None:
        (self.desk.base / "mon-mapping.toml").write_text(text, encoding="utf-8")
        config = msgspec.structs.replace(self.desk.config, mapping="mon-mapping.toml")
        write_config(config, self.desk.config_file)
        self.desk.config = config

    def mapping(self) -> str:
        return (self.desk.base / read_config(self.desk.config_file).mapping).read_text(encoding="utf-8")

    def write_text(self, name: str, content: bytes) -> None:
        path = self.desk.base / "modeles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def texts(self) -> dict[str, bytes]:
        folder = self.desk.base / "modeles"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def computer(portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path: Path) -> Iterator[Computer]:
    cabinet = next(cabinets)
    with Connections() as connections:
        desks: list[DeskClient] = []

        def code_for(role: Role) -> str:
            """The first is the hoster's, the others a practitioner's."""
            return desks[0].new_enrolment_code(role).code if desks else cabinet.practitioner_code

        def made(name: str, role: Role = Role.PRACTITIONER) -> One:
            folder = tmp_path / name
            folder.mkdir()
            enrolled = PortalClient(portal.address, "", connections).enrol(code_for(role), name)
            desks.append(DeskClient(portal.address, enrolled.token, connections))
            config = SyncConfig(portal.address, cabinet.code, secrets=SecretKind.FILE)
            write_config(config, folder / "sync.toml")
            keep_credentials(open_store(config, folder), portal.address, enrolled)
            documents = DocumentsClient(portal.address, enrolled.token, connections)
            desk = Desk(folder / "sync.toml", folder / "state")
            return One(desk, documents, may_save=role is Role.PRACTITIONER)

        yield made


SETTINGS = DeskSettings(computer="Bureau", signatory="Docteur Rivière", smtp=SmtpSettings(host="mail.exemple.fr"))


@pytest.fixture
def first(computer: Computer) -> One:
    """A computer with everything, saved."""
    one = computer("Bureau")
    one.set_mapping(MAPPING)
    write_settings(SETTINGS, one.desk.settings_file)
    one.write_text("sms.txt", b"Bonjour @PRENOM\n")
    one.write_text("Relance/signature.png", b"\x89PNG\xff")
    assert one.compare() == Shared()
    return one


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.RECEPTION])
def test_a_new_computer_is_ready(first: One, computer: Computer, role: Role) -> None:
    second = computer("Accueil", role)
    shared = second.compare()
    assert taken_sentence(shared) == (
        "Réglages repris du portail\u00a0: le contenu de l’export, les expéditeurs et les noms, "
        "les modèles de lettres, d’e-mails et de SMS."
    )
    assert (second.mapping(), second.texts()) == (MAPPING, first.texts())
    settings = read_settings(second.desk.settings_file)
    assert settings == msgspec.structs.replace(SETTINGS, computer="")
    assert second.compare() == first.compare() == Shared()


def test_what_changes_on_one_computer_comes_to_the_others(first: One, computer: Computer) -> None:
    second = computer("Accueil")
    second.compare()
    second.write_text("sms.txt", b"Bonsoir @PRENOM\n")
    (second.desk.base / "modeles" / "Relance" / "signature.png").unlink()
    write_settings(
        msgspec.structs.replace(read_settings(second.desk.settings_file), computer="Accueil", city="Dijon"),
        second.desk.settings_file,
    )
    assert second.compare() == Shared()
    assert len(first.compare().taken) == 2
    assert first.texts() == {"sms.txt": b"Bonsoir @PRENOM\n"}
    assert read_settings(first.desk.settings_file) == msgspec.structs.replace(SETTINGS, city="Dijon")


@pytest.mark.parametrize("keeps", [True, False])
def test_what_changed_on_both_waits_for_a_persons_choice(first: One, computer: Computer, keeps: bool) -> None:
    second = computer("Accueil")
    second.compare()
    first.write_text("sms.txt", b"du bureau")
    second.write_text("sms.txt", b"de l'accueil")
    first.compare()
    for _ in range(2):
        [conflict] = second.compare().conflicts
        assert (conflict.name, conflict.device_name) == (DocumentName.TEXTS, "Bureau")
        assert second.texts()["sms.txt"] == b"de l'accueil"
    (second.sharing.keep if keeps else second.sharing.take)(DocumentName.TEXTS)
    assert second.compare() == Shared()
    first.compare()
    assert first.texts()["sms.txt"] == second.texts()["sms.txt"] == (b"de l'accueil" if keeps else b"du bureau")


def test_the_same_change_on_both_is_no_conflict(first: One, computer: Computer) -> None:
    second = computer("Accueil")
    second.compare()
    for one in (first, second):
        one.write_text("sms.txt", b"pareil")
        assert one.compare() == Shared()


def test_a_receptions_own_changes_stay_there(first: One, computer: Computer) -> None:
    second = computer("Accueil", Role.RECEPTION)
    second.compare()
    second.write_text("sms.txt", b"chez nous")
    assert second.compare() == first.compare() == Shared()
    first.write_text("sms.txt", b"du bureau")
    first.compare()
    assert len(second.compare().conflicts) == 1
    second.sharing.keep(DocumentName.TEXTS)
    assert second.compare() == Shared()
    assert second.texts()["sms.txt"] == b"chez nous"


def test_a_computer_that_forgot_its_state_takes_nothing_over_what_it_has(first: One, computer: Computer) -> None:
    second = computer("Accueil")
    second.write_text("sms.txt", b"d'avant")
    [conflict] = second.compare().conflicts
    assert conflict.name is DocumentName.TEXTS
    assert second.texts()["sms.txt"] == b"d'avant"


@pytest.mark.parametrize("place", ["../sync.toml", "/etc/passwd", "a/b/c.txt", ".cache", "a\\b.txt", "", "C:x"])
def test_a_text_that_would_lead_elsewhere_is_not_taken(first: One, computer: Computer, place: str) -> None:
    second = computer("Accueil")
    content = msgspec.json.encode({place: b"x"})
    first.documents.save(DocumentName.TEXTS, content, first.documents.document(DocumentName.TEXTS).saved.version)
    with pytest.raises(SharingError, match="dont le nom ne convient pas"):
        second.sharing.take(DocumentName.TEXTS)
    assert not (second.desk.base / "modeles").exists()


@pytest.mark.parametrize("name", DocumentName)
def test_what_cannot_be_read_here_is_not_taken(first: One, computer: Computer, name: DocumentName) -> None:
    second = computer("Accueil")
    first.documents.save(name, b"\xff\xfe[", first.documents.document(name).saved.version)
    with pytest.raises(SharingError, match="Rien n’a été repris"):
        second.sharing.take(name)
    assert second.sharing._files[name].read() is None


def test_models_that_are_too_large_are_said_so(first: One) -> None:
    first.write_text("Relance/photo.png", b"\0" * 1_000_000)
    with pytest.raises(SharingError, match="trop volumineux"):
        first.compare()


def test_no_secret_is_shared(first: One) -> None:
    first.desk.store().put("e-mail", "motdepasse-secret")
    contents = b"".join(first.documents.document(name).content for name in DocumentName)
    token = first.desk.credentials().token.partition(".")[2].encode()
    assert token not in contents
    assert b"motdepasse" not in contents


def test_whom_a_reception_left_out_stays_its_own(first: One, computer: Computer) -> None:
    second = computer("Accueil", Role.RECEPTION)
    second.compare()
    left_out = msgspec.structs.replace(read_settings(second.desk.settings_file), opted_out=("5312",))
    write_settings(left_out, second.desk.settings_file)
    write_settings(msgspec.structs.replace(SETTINGS, city="Dijon"), first.desk.settings_file)
    first.compare()
    assert second.compare() == Shared(("les expéditeurs et les noms",))
    settings = read_settings(second.desk.settings_file)
    assert (settings.opted_out, settings.city) == (("5312",), "Dijon")


def senders(one: One) -> Senders:
    settings = read_settings(one.desk.settings_file)
    return Senders(settings, one.desk.store(), one.desk.config.cabinet, one.desk.base)


def take_what_reaches_further(one: One) -> None:
    """The settings wait until a person here wants them."""
    before = read_settings(one.desk.settings_file)
    [conflict] = one.compare().conflicts
    assert (conflict.name, conflict.reaches_further) == (DocumentName.DESK, True)
    assert read_settings(one.desk.settings_file) == before
    one.sharing.take(DocumentName.DESK)


def test_a_password_is_not_sent_to_the_server_that_another_computer_chose(first: One, computer: Computer) -> None:
    """A stolen computer could name a server of the thief's, and the others would sign in there."""
    second = computer("Accueil", Role.RECEPTION)
    gateway = SmsSettings(kind=SmsKind.HTTP, url="https://sms.exemple.fr/envoi", parameters=(("cle", "{password}"),))
    write_settings(msgspec.structs.replace(SETTINGS, sms=gateway), first.desk.settings_file)
    first.compare()
    second.compare()
    for channel in (ChannelKind.EMAIL, ChannelKind.SMS):
        senders(second).keep_password(channel, "secret")

    same = msgspec.structs.replace(SETTINGS, signatory="Docteur Vallée", sms=gateway)
    write_settings(same, first.desk.settings_file)
    first.compare()
    second.compare()
    assert read_settings(second.desk.settings_file).signatory == "Docteur Vallée"
    assert (senders(second).password(ChannelKind.EMAIL), senders(second).password(ChannelKind.SMS)) == ("secret",) * 2

    elsewhere = msgspec.structs.replace(gateway, url="https://sms.exemple.fr@voleur.exemple.fr/envoi")
    write_settings(msgspec.structs.replace(same, sms=elsewhere), first.desk.settings_file)
    first.compare()
    take_what_reaches_further(second)
    assert (senders(second).password(ChannelKind.EMAIL), senders(second).password(ChannelKind.SMS)) == ("secret", "")

    mail = SmtpSettings(host="voleur.exemple.fr")
    write_settings(msgspec.structs.replace(same, sms=elsewhere, smtp=mail), first.desk.settings_file)
    first.compare()
    take_what_reaches_further(second)
    assert senders(second).password(ChannelKind.EMAIL) == ""


def test_an_address_that_was_mistyped_on_another_computer_is_another_server(first: One, computer: Computer) -> None:
    second = computer("Accueil", Role.RECEPTION)
    gateway = SmsSettings(kind=SmsKind.HTTP, url="https://sms.exemple.fr/envoi")
    write_settings(msgspec.structs.replace(SETTINGS, sms=gateway), first.desk.settings_file)
    first.compare()
    second.compare()
    mistyped = msgspec.structs.replace(gateway, url="https://[sms.exemple.fr/envoi")
    write_settings(msgspec.structs.replace(SETTINGS, sms=mistyped), first.desk.settings_file)
    first.compare()
    take_what_reaches_further(second)
    assert read_settings(second.desk.settings_file).sms == mistyped


def test_the_file_that_sms_are_written_to_is_each_computers_own(first: One, computer: Computer) -> None:
    """Its path could lead anywhere on the others."""
    second = computer("Accueil")
    second.compare()
    own = SmsSettings(kind=SmsKind.FILE, file="envois/sms.csv")
    write_settings(msgspec.structs.replace(SETTINGS, sms=own), second.desk.settings_file)
    second.compare()
    there = first.documents.document(DocumentName.DESK)
    assert b"envois" not in there.content
    came = msgspec.json.decode(there.content, type=DeskSettings)
    hostile = msgspec.structs.replace(came, city="Dijon", sms=SmsSettings(kind=SmsKind.FILE, file="../../.profile"))
    first.documents.save(DocumentName.DESK, msgspec.json.encode(hostile), there.saved.version)
    second.compare()
    settings = read_settings(second.desk.settings_file)
    assert (settings.city, settings.sms.file) == ("Dijon", "envois/sms.csv")


def with_folder(folder: str) -> str:
    head, sign, rest = MAPPING.partition("[photos]")
    return f'{head}[photos]\nfolder = "{folder}"{rest if sign else NO_PHOTOS}'


NO_PHOTOS = '\nfiles = ["{number}.jpg"]\n'


def test_a_folder_that_another_computer_chose_waits_for_a_person_here(first: One, computer: Computer) -> None:
    """A stolen computer could have this one sign in at a thief's share, or run a query of his."""
    second = computer("Serveur")
    second.compare()
    first.set_mapping(with_folder("//voleur.exemple.fr/partage"))
    first.compare()
    [conflict] = second.compare().conflicts
    assert (conflict.name, conflict.reaches_further) == (DocumentName.MAPPING, True)
    assert second.mapping() == MAPPING
    second.sharing.take(DocumentName.MAPPING)
    assert "voleur" in second.mapping()
    assert second.compare() == Shared()


def test_a_night_reads_by_no_folder_that_came_from_elsewhere_since(first: One, tmp_path: Path) -> None:
    config = first.desk.config
    shared = PortalMapping(first.documents, tmp_path / "memoire", config.portal, config.cabinet)
    before = shared.mapping()
    first.set_mapping(with_folder("//voleur.exemple.fr/partage"))
    first.compare()
    with pytest.raises(MappingError, match="un dossier de photos"):
        shared.has_moved(2)
    assert shared.mapping() == before
    assert PortalMapping(first.documents, tmp_path / "memoire", config.portal, config.cabinet).mapping() == before
