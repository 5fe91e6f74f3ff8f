"""Every button, image, table, column and line that a page may show, declared once.

The desktop application's visibility tree, the templates, the checks of a settings document and the test that walks
the catalogue are all made from this tuple. A template marks what it draws with `data-element="KEY"`; nothing outside
the catalogue is shown. Hiding an element removes it and its data from the HTML; hiding a page also closes its address.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    PAGE = "page"
    """A menu button together with the page it leads to."""
    GROUP = "group"
    BUTTON = "button"
    IMAGE = "image"
    TABLE = "table"
    COLUMN = "column"
    LINE = "line"


class Page(StrEnum):
    """Where an element is seen; the tabs of the preview."""

    EVERY = "every"
    """On every page of a signed-in patient."""
    SIGN_IN = "sign_in"
    APPOINTMENTS = "appointments"
    ACCOUNTS = "accounts"
    CONTACT = "contact"


@dataclass(frozen=True)
class Element:
    key: str
    """Dotted path; the parent's key is the part before the last dot."""
    label: str
    """French, as the visibility tree shows it."""
    page: Page
    kind: Kind
    essential: bool = False
    """Cannot be hidden: without it nobody gets in, gets out, or knows how old the data are."""
    zone: str = ""
    """The text zone of the settings that it shows, if any."""

    @property
    def parent(self) -> str:
        return self.key.rpartition(".")[0]


def _of(page: Page, *elements: tuple[str, str, Kind]) -> Iterator[Element]:
    for key, label, kind in elements:
        yield Element(key, label, page, kind)


def _columns(table: str, page: Page, *columns: tuple[str, str]) -> Iterator[Element]:
    for name, label in columns:
        yield Element(f"{table}.{name}", label, page, Kind.COLUMN)


_APPOINTMENT_COLUMNS = (
    ("date", "Date"),
    ("kind", "Nature"),
    ("duration", "Durée"),
    ("practitioner", "Praticien"),
)

ELEMENTS: tuple[Element, ...] = (
    # Mes Rendez-Vous
    Element("appointments", "Mes Rendez-Vous", Page.APPOINTMENTS, Kind.PAGE),
    *_of(
        Page.APPOINTMENTS,
        ("appointments.next", "Prochain rendez-vous", Kind.GROUP),
        ("appointments.next.date", "Date et heure", Kind.LINE),
        ("appointments.next.duration", "Durée", Kind.LINE),
        ("appointments.next.kind", "Nature", Kind.LINE),
        ("appointments.next.practitioner", "Praticien", Kind.LINE),
        ("appointments.next.calendar", "Ajouter à mon agenda", Kind.BUTTON),
        ("appointments.next.call", "Prévenir le cabinet", Kind.BUTTON),
        ("appointments.next.wire", "Le fil", Kind.IMAGE),
        ("appointments.upcoming", "Rendez-vous à venir", Kind.TABLE),
    ),
    *_columns("appointments.upcoming", Page.APPOINTMENTS, *_APPOINTMENT_COLUMNS),
    Element("appointments.upcoming.calendar", "Tout ajouter à mon agenda", Page.APPOINTMENTS, Kind.BUTTON),
    Element("appointments.history", "Historique de vos rendez-vous", Page.APPOINTMENTS, Kind.TABLE),
    *_columns("appointments.history", Page.APPOINTMENTS, *_APPOINTMENT_COLUMNS),
    Element("appointments.missed", "Rendez-vous manqués", Page.APPOINTMENTS, Kind.LINE),
    # Comptabilité
    Element("accounts", "Comptabilité", Page.ACCOUNTS, Kind.PAGE),
    Element("accounts.balance", "Solde restant dû", Page.ACCOUNTS, Kind.LINE),
    Element("accounts.switch", "Voir l’Échéancier, voir les Honoraires", Page.ACCOUNTS, Kind.BUTTON),
    Element("accounts.schedule", "Échéancier", Page.ACCOUNTS, Kind.TABLE),
    *_columns(
        "accounts.schedule",
        Page.ACCOUNTS,
        ("label", "Libellé"),
        ("total", "Total"),
        ("amount", "Montant"),
        ("settled", "Traité"),
        ("date", "Date"),
    ),
    Element("accounts.fees", "Honoraires", Page.ACCOUNTS, Kind.TABLE),
    *_columns(
        "accounts.fees",
        Page.ACCOUNTS,
        ("label", "Libellé"),
        ("total", "Total"),
        ("amount", "Montant"),
        ("remaining", "Reste"),
        ("date", "Date"),
    ),
    # Contact
    Element("contact", "Contact", Page.CONTACT, Kind.PAGE),
    *_of(
        Page.CONTACT,
        ("contact.form", "Envoyer un e-mail à mon orthodontiste", Kind.GROUP),
        ("contact.form.subject", "Objet", Kind.LINE),
        ("contact.form.urgent", "Consigne d’urgence", Kind.LINE),
        ("contact.form.reply_to", "Où arrivera la réponse", Kind.LINE),
        ("contact.form.submit", "Valider", Kind.BUTTON),
        ("contact.access", "Accès", Kind.GROUP),
    ),
    Element("contact.access.text", "Explication sur l’accès au cabinet", Page.CONTACT, Kind.LINE, zone="access"),
    Element("contact.access.image", "Plan d’accès", Page.CONTACT, Kind.IMAGE),
    Element("contact.access.route", "Ouvrir l’itinéraire", Page.CONTACT, Kind.BUTTON),
    # Mon dossier, on every page
    *_of(
        Page.EVERY,
        ("dossier", "Mon dossier", Kind.GROUP),
        ("dossier.photo", "Photo du patient", Kind.IMAGE),
        ("dossier.civility", "Civilité", Kind.LINE),
        ("dossier.last_name", "Nom", Kind.LINE),
        ("dossier.first_name", "Prénom", Kind.LINE),
        ("dossier.birth_date", "Date de naissance", Kind.LINE),
        ("dossier.treatment_start", "Début de traitement", Kind.LINE),
        ("dossier.change_password", "Modifier mon mot de passe", Kind.BUTTON),
        ("dossier.change_email", "Modifier mon e-mail", Kind.BUTTON),
        ("dossier.email_notice", "Attention, E-mail indispensable en cas de perte de mot de passe", Kind.LINE),
    ),
    # Information cabinet, on every page
    Element("information", "Information cabinet", Page.EVERY, Kind.GROUP),
    Element("information.title", "Titre", Page.EVERY, Kind.LINE, zone="title"),
    Element("information.address", "Adresse", Page.EVERY, Kind.LINE, zone="address"),
    Element("information.greeting", "Message d’accueil", Page.EVERY, Kind.LINE, zone="greeting"),
    Element("information.phone", "Téléphone", Page.EVERY, Kind.LINE, zone="phone"),
    Element("information.hours", "Horaires de consultation", Page.EVERY, Kind.LINE, zone="hours"),
    Element("information.fax", "Fax", Page.EVERY, Kind.LINE, zone="fax"),
    # The frame
    Element("skip", "Aller au contenu", Page.EVERY, Kind.BUTTON, essential=True),
    Element("notice", "Ce qui vient d’être fait", Page.EVERY, Kind.LINE, essential=True),
    Element("menu", "Menu", Page.EVERY, Kind.GROUP, essential=True),
    Element("home", "Accueil sans les trois pages", Page.EVERY, Kind.GROUP, essential=True),
    *_of(
        Page.EVERY,
        ("header", "En-tête", Kind.GROUP),
        ("header.logo", "Logo", Kind.IMAGE),
        ("header.title", "Nom du cabinet", Kind.LINE),
        ("header.address", "Adresse du cabinet", Kind.LINE),
        ("header.patient", "Nom du patient", Kind.LINE),
        ("header.call", "Appeler le cabinet", Kind.BUTTON),
    ),
    Element("header.sign_out", "Se déconnecter", Page.EVERY, Kind.BUTTON, essential=True),
    Element("footer", "Pied de page", Page.EVERY, Kind.GROUP, essential=True),
    Element("footer.as_of", "Date de mise à jour", Page.EVERY, Kind.LINE, essential=True),
    Element("footer.accessibility", "Accessibilité", Page.EVERY, Kind.BUTTON, essential=True),
    Element("footer.privacy", "Données personnelles", Page.EVERY, Kind.BUTTON, essential=True),
    Element("footer.language", "Langue", Page.EVERY, Kind.BUTTON),
    # Connexion
    Element("sign_in", "Connexion", Page.SIGN_IN, Kind.GROUP, essential=True),
    Element("sign_in.cabinet_code", "Identifiant de cabinet", Page.SIGN_IN, Kind.LINE, essential=True),
    Element("sign_in.patient_number", "Votre identifiant", Page.SIGN_IN, Kind.LINE, essential=True),
    Element("sign_in.password", "Mot de passe", Page.SIGN_IN, Kind.LINE, essential=True),
    Element("sign_in.submit", "Entrer", Page.SIGN_IN, Kind.BUTTON, essential=True),
    *_of(
        Page.SIGN_IN,
        ("sign_in.intro", "Phrase d’introduction", Kind.LINE),
        ("sign_in.remember", "Mémoriser mes identifiants", Kind.LINE),
        ("sign_in.forgotten", "Mot de passe oublié", Kind.BUTTON),
        ("sign_in.first_visit", "Première visite", Kind.BUTTON),
        ("sign_in.where", "Où trouver vos codes\u00a0?", Kind.GROUP),
        ("sign_in.where.card", "Exemple de carte d’accès", Kind.IMAGE),
        ("sign_in.where.phone", "Téléphone en cas de carte égarée", Kind.LINE),
    ),
    # The ways in that are not the sign-in, and the pages that only say something
    Element("first_visit", "Première visite", Page.SIGN_IN, Kind.GROUP, essential=True),
    Element("forgotten", "Mot de passe oublié", Page.SIGN_IN, Kind.GROUP, essential=True),
    Element("activation", "Activation par QR code", Page.SIGN_IN, Kind.GROUP, essential=True),
    Element("choose_password", "Choix du mot de passe", Page.SIGN_IN, Kind.GROUP, essential=True),
    Element("message", "Page d’information", Page.SIGN_IN, Kind.GROUP, essential=True),
)

BY_KEY: dict[str, Element] = {element.key: element for element in ELEMENTS}


def is_visible(key: str, hidden: Collection[str]) -> bool:
    """Whether an element is shown: neither it nor anything it stands in is hidden. `KeyError` if it is not declared."""
    element = BY_KEY[key]
    while not element.essential:
        if element.key in hidden:
            return False
        if not element.parent:
            return True
        element = BY_KEY[element.parent]
    return True


@lru_cache(maxsize=1024)
def visible_keys(hidden: tuple[str, ...]) -> frozenset[str]:
    """The keys of everything that is shown. Kept, because every page of a cabinet asks with the same tuple."""
    return frozenset(key for key in BY_KEY if is_visible(key, hidden))


def unknown_keys(keys: Collection[str]) -> tuple[str, ...]:
    """Keys that no element has, or whose element cannot be hidden: a settings document may not name them."""
    return tuple(sorted(key for key in keys if key not in BY_KEY or BY_KEY[key].essential))
