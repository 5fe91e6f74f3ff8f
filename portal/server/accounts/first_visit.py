"""The first visit: what opens it, and its end, where a person chooses a password.

typed secret -> `begin` -> a session in its welcome stage (a personal code; the `procedure` level)
                        -> a `PendingAnswer`, the same for everybody (the `confirmed` level): see `answers`
mailed link  -> `open_mailed`  ┐
printed link -> `open_printed` ┴> a session in its welcome stage -> `finish` -> an Access
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.dossier import Dossier
from portal.pages import addresses
from portal.server.access import dossier_for_first_visit
from portal.server.accounts import answers, audit, codes, initial_secrets, links, sessions
from portal.server.accounts.first_access import FirstAccessRule, is_birth_date
from portal.server.accounts.identifiers import contact_hash, likeliest, number_typed, spellings
from portal.server.accounts.links import Purpose
from portal.server.accounts.models import Access, OneTimeLink, Session
from portal.server.accounts.passwords import HASHING, salt_for
from portal.server.accounts.sessions import FirstVisit, Opening
from portal.server.accounts.telling import tell
from portal.server.cabinets.models import Cabinet
from portal.server.mail.letters import Letter
from portal.server.publishing.models import PublishedDossier

MAX_SECRET = 64
"""Characters of an initial secret that are looked at, by whoever counts it as much as by whoever compares it."""


class AlreadyOpen(Exception):
    """Somebody finished this first visit or reset the dossier meanwhile: what opened it is dead."""


def begin(cabinet: Cabinet, number: str, secret: str, rule: FirstAccessRule) -> str | None:
    """The cookie of a session in its welcome stage; or None, and then the answer is the same whatever the reason.

    In the `confirmed` level one row is written for everybody, and `answers` decides outside of the request.
    """
    if link := codes.find_live(cabinet, spellings(number), secret):
        return _opened_by_code(cabinet, link)
    if not rule.opens_at_once:
        answers.ask(cabinet, Purpose.FIRST_VISIT, answers.Asked(number_typed(number), secret))
        audit.log(cabinet.code, audit.Event.FIRST_VISIT_ASKED)
        return None
    dossier, is_theirs = _claimed(cabinet, number)
    is_right = dossier is not None and rule.matches(secret, dossier.patient)
    has_access = dossier is not None and Access.objects.of(cabinet).filter(number=dossier.number).exists()
    if dossier is None or not is_theirs or not is_right or has_access:
        audit.log(cabinet.code, audit.Event.FIRST_VISIT_FAILED)
        return None
    return _opened(cabinet, FirstVisit(dossier.number, Opening.SECRET, email=_first_email(dossier)))


def open_mailed(link: OneTimeLink) -> str | None:
    """Use a mailed link up and open its session; None if it was used meanwhile."""
    if not links.use(link):
        return None
    email = sessions.open_email(link.cabinet, link.number, link.sealed_email)
    return _opened(link.cabinet, FirstVisit(link.number, Opening.MAILED_LINK, link.contact_hash, email))


def open_printed(link: OneTimeLink, birth_date: str) -> str | None:
    """Open a session behind a printed or announced link if the birth date is right; a wrong one is counted."""
    is_counted = links.count_date(link)
    dossier = dossier_for_first_visit(link.cabinet, link.number)
    if not is_counted or dossier is None or not is_birth_date(birth_date, dossier.patient):
        audit.log(link.cabinet.code, audit.Event.FIRST_VISIT_FAILED)
        return None
    links.give_date_back(link)
    return _opened(link.cabinet, _visit_of(link, Opening.PRINTED_LINK, dossier))


def finish(visit: Session, dossier: Dossier, password: str, email: str) -> str:
    """Make the access, kill what opened the first visit, tell the person by e-mail.

    Answers the cookie of the access's first session. Raise `AlreadyOpen`.
    """
    cabinet = visit.cabinet
    salt = salt_for(cabinet.pk, visit.number)
    hashed = HASHING.hash(password, salt)
    try:
        with transaction.atomic():
            # One first visit of a cabinet ends at a time: two of them must not both find the dossier without access.
            Cabinet.objects.select_for_update().get(pk=cabinet.pk)
            # First of all: a reset by the cabinet ends this session too, and one of the two waits here for the other.
            if not Session.objects.of(cabinet).filter(pk=visit.pk).delete()[0]:
                raise AlreadyOpen
            _kill_opener(visit, dossier)
            _tell_others(visit, email)
            access = Access.objects.create(
                cabinet=cabinet,
                number=visit.number,
                slot=_next_slot(visit),
                password=hashed,
                sealed_email=sessions.seal_email(cabinet, visit.number, email),
                contact_hash=visit.contact_hash or _contact_on_file(cabinet, dossier, email),
                password_changed_at=timezone.now(),
                last_sign_in_at=timezone.now(),
            )
            audit.record(cabinet, visit.number, audit.Event.ACCESS_CREATED)
            _tell(visit, email)
            return sessions.open_for(access)
    except IntegrityError as error:
        raise AlreadyOpen from error


def _opened(cabinet: Cabinet, visit: FirstVisit) -> str | None:
    try:
        cookie = sessions.open_first_visit(cabinet, visit)
    except sessions.Gone:
        return None
    audit.record(cabinet, visit.number, audit.Event.FIRST_VISIT_OPENED)
    return cookie


def _opened_by_code(cabinet: Cabinet, link: OneTimeLink) -> str | None:
    dossier = dossier_for_first_visit(cabinet, link.number)
    return None if dossier is None else _opened(cabinet, _visit_of(link, Opening.CODE, dossier))


def _visit_of(link: OneTimeLink, opening: Opening, dossier: Dossier) -> FirstVisit:
    email = sessions.open_email(link.cabinet, link.number, link.sealed_email) or _first_email(dossier)
    return FirstVisit(link.number, opening, link.contact_hash, email, link=link)


def _claimed(cabinet: Cabinet, number: str) -> tuple[Dossier | None, bool]:
    """The dossier that `number` names and True; or another one of the cabinet and False, so that as much is done."""
    published = PublishedDossier.objects.of(cabinet).filter(withdrawn_at=None)
    numbers = list(published.filter(number__in=spellings(number)).values_list("number", flat=True))
    anybody = published.order_by("number").values_list("number", flat=True).first()
    theirs = likeliest(numbers, number)
    return dossier_for_first_visit(cabinet, theirs or anybody or ""), theirs is not None


def _kill_opener(visit: Session, dossier: Dossier) -> None:
    """What opened the first visit opens nothing any more, and neither does anything else that its person was sent.

    Raise `AlreadyOpen` if it was dead already.
    """
    accesses = Access.objects.of(visit.cabinet).filter(number=visit.number)
    match Opening(visit.opened_by):
        case Opening.SECRET:
            is_dead = accesses.exists()
        case Opening.MAILED_LINK:
            is_dead = accesses.filter(contact_hash=visit.contact_hash).exists()
        case Opening.PRINTED_LINK | Opening.CODE:
            is_dead = visit.link is None or not links.use(visit.link)
    if is_dead:
        raise AlreadyOpen
    is_alone = len(dossier.addressees) <= 1
    initial_secrets.kill_others(visit.cabinet, visit.number, visit.link, is_alone=is_alone)
    if visit.contact_hash:
        links.kill(visit.cabinet, visit.number, (Purpose.FIRST_VISIT, *links.ANNOUNCED), visit.contact_hash)


def _next_slot(visit: Session) -> int:
    taken = Access.objects.of(visit.cabinet).filter(number=visit.number).order_by("-slot")
    highest = taken.values_list("slot", flat=True).first()
    return 0 if highest is None else highest + 1


def _contact_on_file(cabinet: Cabinet, dossier: Dossier, email: str) -> str:
    """Whoever gives an address that is on file has its access with it: its initial secret is dead too."""
    on_file = {addressee.email.strip().casefold() for addressee in dossier.addressees}
    is_on_file = bool(email) and email.strip().casefold() in on_file
    return contact_hash(cabinet, dossier.number, email) if is_on_file else ""


def _first_email(dossier: Dossier) -> str:
    return next((addressee.email for addressee in dossier.addressees if addressee.email), "")


def _tell_others(visit: Session, email: str) -> None:
    """Every access that there is learns of the new one, so that one made by a stranger does not stay unseen."""
    cabinet, number = visit.cabinet, visit.number
    accesses = Access.objects.of(cabinet).filter(number=number).order_by("slot")
    chosen = (sessions.open_email(cabinet, number, access.sealed_email) for access in accesses)
    for recipient in dict.fromkeys(address for address in chosen if address and address != email):
        tell(cabinet, number, Letter("access_added", recipient))


def _tell(visit: Session, email: str) -> None:
    """The chosen address, and the one on file if it is another: an access that its owner did not make is noticed."""
    on_file = sessions.open_email(visit.cabinet, visit.number, visit.sealed_email)
    for recipient in dict.fromkeys(address for address in (email, on_file) if address):
        tell(
            visit.cabinet,
            visit.number,
            Letter(
                "access_created",
                recipient,
                link=links.address(addresses.CABINET_SIGN_IN, code=visit.cabinet.code),
                link_label="Se connecter",
            ),
        )
