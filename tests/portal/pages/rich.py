"""A dossier and settings in which every element has something to show, each with a value found nowhere else."""

import datetime as dt
from dataclasses import replace

from cabinet.dossier import Appointment, AppointmentStatus, Balance, Dossier, Fee, Instalment, Patient
from portal.pages import render
from portal.pages.context import FormState, PageContext
from portal.pages.settings import PortalSettings, TextZones

NOW = dt.datetime(2030, 3, 4, 10, 0)  # noqa: DTZ001 - naive local times are the dossier's own

CONTEXT = PageContext(
    cabinet_code="parc21",
    cabinet_name="Cabinet Quenouille",
    now=NOW,
    as_of=dt.datetime(2030, 3, 3, 21, 7),  # noqa: DTZ001 - as above
    csrf_token="jeton-csrf",
    photo_address="/photo/feuille",
    logo_address="/c/parc21/image/logoquartz",
    access_image_address="/c/parc21/image/planazur",
    notice="Votre message est envoyé.",
)
SETTINGS = PortalSettings(
    zones=TextZones(
        title="Titre Ocarina",
        address="7 rue Palourde<br>21000 DIJON",
        greeting="Bonjour Marmotte",
        phone="03 00 00 00 07",
        hours="Lundi Tulipe",
        fax="03 00 00 00 08",
        access="<p>Arrêt Girouette</p>",
    ),
    contact_email="cabinet@exemple.fr",
    route_url="https://carte.exemple.fr/itineraire",
    kind_names={"A": "Nature Abricot", "B": "Nature Bleuet"},
    practitioner_names={"P": "Docteur Pivoine", "Q": "Docteur Quartz"},
)
DOSSIER = Dossier(
    patient=Patient("N4242", "Madame", "TOURNESOL", "Capucine", dt.date(2011, 1, 13), dt.date(2028, 2, 17)),
    appointments=(
        Appointment(NOW - dt.timedelta(days=40), "B", 33, "Q", AppointmentStatus.ATTENDED),
        Appointment(NOW - dt.timedelta(days=20), "B", 33, "Q", AppointmentStatus.MISSED),
        Appointment(NOW + dt.timedelta(days=8, hours=5, minutes=35), "A", 27, "P"),
        Appointment(NOW + dt.timedelta(days=80), "A", 27, "P"),
    ),
    instalments=(Instalment("Échéance Violette", 101101, 102102, True, dt.date(2029, 5, 6)),),
    fees=(Fee("Honoraire Safran", 201201, 202202, 203203, dt.date(2029, 7, 8)),),
    balance=Balance(304304, dt.date(2030, 1, 9)),
)
REPLY_TO = "famille@exemple.fr"


def every_page(
    settings: PortalSettings = SETTINGS, dossier: Dossier = DOSSIER, context: PageContext = CONTEXT
) -> dict[str, str]:
    """Every page of the portal by a name, signed in and out, forms with an error included."""
    form = FormState(
        values={"subject": "Objet", "cabinet_code": "parc21"}, error="Écrivez votre message. Puis validez."
    )
    quiet = replace(context, notice="")
    return {
        "appointments": render.appointments_page(dossier, settings, context),
        "schedule": render.schedule_page(dossier, settings, context),
        "fees": render.fees_page(dossier, settings, context),
        "contact": render.contact_page(dossier, settings, context, form, REPLY_TO),
        "home": render.home_page(dossier, settings, context),
        "change_password": render.change_password_page(dossier, settings, quiet, form),
        "change_email": render.change_email_page(dossier, settings, quiet, form),
        "sign_in": render.sign_in_page(settings, quiet, FormState()),
        "sign_in_again": render.sign_in_page(settings, context, form),
        "first_visit": render.first_visit_page(settings, quiet, form),
        "forgotten": render.forgotten_page(settings, quiet, form),
        "activate": render.activate_page(settings, quiet, form),
        "confirm_link": render.confirm_link_page(settings, quiet, form),
        "choose_password": render.choose_password_page(settings, quiet, form, ask_email=True),
        "reset": render.choose_password_page(settings, quiet, form, ask_email=False),
        "message": render.message_page(settings, context, title="Titre", sentences=("Un.",), action=("Aller", "/")),
        "accessibility": render.accessibility_page(settings, quiet),
        "privacy": render.privacy_page(settings, quiet),
    }
