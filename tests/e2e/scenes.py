"""Every page and state of the portal as HTML, frozen at one morning: for the pictures and the browser tests."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from cabinet.dossier import Appointment, AppointmentStatus, Balance, Dossier, Fee, Instalment, Patient
from portal.pages import render
from portal.pages.assets import data_address
from portal.pages.context import FormState, PageContext
from portal.pages.settings import PortalSettings, demo_settings

NOW = dt.datetime(2009, 9, 5, 8, 0)  # noqa: DTZ001  # naive local times are the dossier's own
SETTINGS = demo_settings()
CODES_ONLY = msgspec.structs.replace(SETTINGS, kind_names={}, practitioner_names={})
"""The cabinet that gave no readable names: as in the design's pictures."""
CONTEXT = PageContext(
    cabinet_code="dijon21",
    cabinet_name="Cabinet d’orthodontie du Parc",
    now=NOW,
    as_of=NOW.replace(hour=7, minute=30),
    csrf_token="jeton",
    asset=data_address,
)
TYPED = FormState(values={"cabinet_code": "dijon21", "patient_number": "5312", "remember": "on"})


def _at(day: int, month: int, year: int, hour: int, minute: int) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute)  # noqa: DTZ001  # naive local times are the dossier's own


DOSSIER = Dossier(
    patient=Patient("5312", "Monsieur", "AAESSAI", "TEST", dt.date(1985, 4, 15), dt.date(1994, 9, 13)),
    appointments=(
        Appointment(_at(12, 3, 2009, 17, 30), "EMPR", 30, "CC", AppointmentStatus.ATTENDED),
        Appointment(_at(2, 4, 2009, 16, 40), "POSE", 45, "CC", AppointmentStatus.ATTENDED),
        Appointment(_at(19, 5, 2009, 16, 0), "RVC", 20, "CC", AppointmentStatus.ATTENDED),
        Appointment(_at(30, 6, 2009, 17, 10), "RVC", 20, "CC", AppointmentStatus.ATTENDED),
        Appointment(_at(4, 9, 2009, 16, 20), "RVC", 20, "CC", AppointmentStatus.ATTENDED),
        Appointment(_at(6, 10, 2009, 16, 20), "RVC", 20, "CC"),
        Appointment(_at(17, 11, 2009, 17, 0), "RVC", 20, "CC"),
        Appointment(_at(5, 1, 2010, 16, 40), "BILAN", 40, "CC"),
    ),
    instalments=(
        Instalment("1er SEMESTRE", 22867, 22800, True, dt.date(1995, 3, 13)),
        Instalment("2e SEMESTRE", 22867, 22800, True, dt.date(1995, 9, 14)),
        Instalment("3e SEMESTRE", 22867, 22800, True, dt.date(1996, 3, 12)),
        Instalment("4e SEMESTRE", 22867, 22800, True, dt.date(1996, 9, 16)),
        Instalment("CONTENTION", 39000, 39000, False, dt.date(2009, 10, 2)),
    ),
    fees=(
        Fee("1er SEMESTRE", 22867, 22867, 0, dt.date(1995, 3, 13)),
        Fee("2e SEMESTRE", 22867, 22867, 0, dt.date(1995, 9, 14)),
        Fee("3e SEMESTRE", 22867, 22867, 0, dt.date(1996, 3, 12)),
        Fee("4e SEMESTRE", 22867, 22867, 0, dt.date(1996, 9, 16)),
        Fee("CONTENTION", 39000, 0, 39000, dt.date(2009, 4, 2)),
    ),
    balance=Balance(39000, dt.date(2009, 4, 2)),
)
EMPTY = Dossier(patient=Patient("0007"))
LONG = Dossier(
    patient=Patient(
        "A1B2C3D4-0000-4000-8000-123456789ABC",
        "Mademoiselle",
        "DE LA TOUR-SAINT-HIPPOLYTE D’EXEMPLEVILLE-SUR-LOIRE",
        "Marie-Antoinette-Bérengère-Anticonstitutionnellement",
        dt.date(2012, 1, 1),
        dt.date(2024, 12, 31),
    ),
    appointments=(
        Appointment(
            _at(4, 9, 2009, 16, 20), "CONTROLEDELAPPAREILETDESELASTIQUES", 75, "Z" * 30, AppointmentStatus.MISSED
        ),
        Appointment(_at(3, 9, 2009, 9, 5), "RVC", 20, "CC", AppointmentStatus.CANCELLED),
        Appointment(_at(2, 9, 2009, 9, 5), "RVC", None, "", AppointmentStatus.MISSED),
        Appointment(_at(31, 12, 2009, 16, 20), "CONTROLEDELAPPAREILETDESELASTIQUES", 120, "Z" * 30),
    ),
    instalments=(
        Instalment("Traitement d’orthopédie dento-faciale, premier semestre de contention", 123456789, 123456700, None),
        Instalment("A" * 60, None, None, True, dt.date(2009, 1, 1)),
    ),
    balance=Balance(123456789, None),
)


@dataclass(frozen=True)
class Scene:
    """One page in one state; `name` is the picture's file name."""

    name: str
    html: str


def scenes(context: PageContext = CONTEXT) -> Iterator[Scene]:
    """Every page and state, made anew; the accounts and texts are those of the design's pictures."""
    yield from _signed_in(CODES_ONLY, context)
    yield from _before_sign_in(SETTINGS, context)
    yield from _special_states(context)
    english = replace(context, language="en")
    yield Scene("rendez-vous-anglais", render.appointments_page(DOSSIER, SETTINGS, english))
    yield Scene("comptabilite-anglais", render.schedule_page(DOSSIER, SETTINGS, english))
    yield Scene("connexion-anglais", render.sign_in_page(SETTINGS, english, FormState()))


def _signed_in(settings: PortalSettings, context: PageContext) -> Iterator[Scene]:
    contact = FormState(values={"subject": "Question sur mon appareil"})
    yield Scene("rendez-vous", render.appointments_page(DOSSIER, settings, context))
    yield Scene("comptabilite", render.schedule_page(DOSSIER, settings, context))
    yield Scene("honoraires", render.fees_page(DOSSIER, settings, context))
    yield Scene("contact", render.contact_page(DOSSIER, settings, context, contact, "test@exemple.fr"))
    sent = replace(context, notice="Votre message est envoyé. Le cabinet vous répondra par e-mail.")
    yield Scene("contact-envoye", render.contact_page(DOSSIER, settings, sent, FormState(), "test@exemple.fr"))
    wrong = FormState(
        values={"subject": "Question"},
        error="Écrivez votre message avant de valider.",
        fields_in_error=frozenset({"message"}),
    )
    yield Scene("contact-erreur", render.contact_page(DOSSIER, settings, context, wrong, ""))
    yield Scene("accueil", render.home_page(DOSSIER, settings, context))
    yield Scene("mot-de-passe", render.change_password_page(DOSSIER, settings, context, FormState()))
    email = FormState(
        values={"email": "nom@"},
        error="Cette adresse e-mail est incomplète. Exemple : nom@exemple.fr",
        fields_in_error=frozenset({"email"}),
    )
    yield Scene("e-mail", render.change_email_page(DOSSIER, settings, context, email))


def _before_sign_in(settings: PortalSettings, context: PageContext) -> Iterator[Scene]:
    yield Scene("connexion", render.sign_in_page(settings, context, TYPED))
    refused = replace(
        TYPED,
        error="Connexion impossible. L’identifiant ou le mot de passe ne correspond pas."
        " Vérifiez votre carte d’accès, puis réessayez.",
        fields_in_error=frozenset({"patient_number", "password"}),
    )
    yield Scene("connexion-erreur", render.sign_in_page(settings, context, refused))
    nobody = replace(context, cabinet_code="", cabinet_name="")
    yield Scene("connexion-sans-cabinet", render.sign_in_page(None, nobody, FormState()))
    yield Scene("premiere-visite", render.first_visit_page(settings, context, TYPED))
    yield Scene("premiere-visite-sans-cabinet", render.first_visit_page(None, nobody, FormState()))
    yield Scene("lien-premiere-visite", render.confirm_link_page(settings, context, FormState()))
    yield Scene("activation", render.activate_page(settings, context, FormState()))
    yield Scene("choix-mot-de-passe", render.choose_password_page(settings, context, FormState(), ask_email=True))
    yield Scene("nouveau-mot-de-passe", render.choose_password_page(settings, context, FormState(), ask_email=False))
    yield Scene("mot-de-passe-oublie", render.forgotten_page(settings, context, TYPED))
    yield Scene("accessibilite", render.accessibility_page(settings, context))
    yield Scene("donnees-personnelles", render.privacy_page(settings, context))
    yield Scene(
        "message",
        render.message_page(
            settings,
            context,
            title="Lien envoyé",
            sentences=("Si ces codes sont justes, un e-mail vient de partir. Ouvrez-le dans l’heure.",),
            action=("Revenir à la connexion", "/"),
        ),
    )


def _special_states(context: PageContext) -> Iterator[Scene]:
    yield Scene("vide-rendez-vous", render.appointments_page(EMPTY, SETTINGS, context))
    yield Scene("vide-comptabilite", render.schedule_page(EMPTY, SETTINGS, context))
    yield Scene(
        "vide-contact", render.contact_page(EMPTY, PortalSettings(), replace(context, as_of=None), FormState(), "")
    )
    yield Scene("long-rendez-vous", render.appointments_page(LONG, SETTINGS, context))
    yield Scene("long-comptabilite", render.schedule_page(LONG, SETTINGS, context))
    settled = msgspec.structs.replace(DOSSIER, balance=Balance(0, dt.date(2009, 4, 2)))
    yield Scene("solde-nul", render.fees_page(settled, SETTINGS, context))
    named = msgspec.structs.replace(SETTINGS, hidden=("contact", "dossier.photo", "appointments.history.practitioner"))
    yield Scene("rendez-vous-noms", render.appointments_page(DOSSIER, named, context))
