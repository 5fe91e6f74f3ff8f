"""What cabinets call their merge fields in Word, in our catalogue's names.

Only names that mean one thing are here: « Nom » may be the patient's or the addressee's, and a letter with the wrong
one looks right. Those are refused with both choices.
"""

import re
from collections.abc import Iterable

from cabinet.suggestions import did_you_mean
from cabinet.values import fold
from merge.fields import BY_NAME, CABINET_CODE, Field

_NO_LETTER = re.compile(r"[\W_]+")
_SYNONYMS = {
    "ORDRE": "numero numéro patient, numéro interne, n patient, no patient, numpatient, identifiant, "
    "identifiant patient, numéro dossier, n dossier, patient id, patientnumber",
    "DCIVIL": "civilité destinataire, titre destinataire, civilité responsable, civilité parent",
    "DNOM": "nom destinataire, destinataire nom, nom responsable, nom du responsable, nom parent",
    "DPREN": "prénom destinataire, destinataire prénom, prénom responsable, prénom du responsable, prénom parent",
    "DADR1": "adresse 1, adresse1, rue, voie, adresse ligne 1, champ d adresse 1, adresse destinataire",
    "DADR2": "adresse 2, adresse2, complément adresse, complément, adresse ligne 2, champ d adresse 2",
    "DCPOST": "code postal, codepostal, cp, code postal destinataire",
    "DVILLE": "ville, commune, localité, ville destinataire",
    "PPREN": "prénom patient, patient prénom, prénom du patient, prénom enfant, prénom de l enfant",
    "PNOM": "nom patient, patient nom, nom du patient, nom enfant, nom de l enfant",
    "CABINET": "code cabinet, identifiant cabinet, identifiant de cabinet",
    "MDP": "mot de passe, motdepasse, code personnel, code d accès",
    "LIEN": "lien, lien personnel, lien d activation",
    "SITE": "site, site internet, adresse du site, portail",
    "PCIVIL": "civilité patient, titre patient, civilité du patient",
    "PNAIS": "date de naissance, date naissance, datenaissance, naissance, né le, date de naissance du patient",
    "DPOLI": "formule d appel, formule de politesse, politesse, appel",
    "RDVDATE": "date rdv, date du rdv, date rendez vous, date du rendez vous, prochain rdv, date prochain rdv, "
    "prochain rendez vous, date du prochain rendez vous",
    "RDVHEURE": "heure rdv, heure du rdv, heure rendez vous, heure du rendez vous, heure du prochain rendez vous",
    "SOLDE": "solde, solde restant dû, reste dû, montant dû, solde dû",
    "DATE": "date, date du jour, date courrier",
    "SIGNATURE": "praticien, nom du praticien, signataire, signature, docteur, orthodontiste",
    "TITRE": "nom du cabinet, nom cabinet",
    "ADRESSE": "adresse du cabinet, adresse cabinet",
    "TELEPHONE": "téléphone du cabinet, téléphone cabinet",
    "HORAIRES": "horaires, heures d ouverture, horaires du cabinet",
    "FAX": "fax, télécopie, fax du cabinet",
    "ACCES": "accès, plan d accès, accès au cabinet",
}
_TWO_MEANINGS = {
    "nom": ("DNOM", "PNOM"),
    "nomdefamille": ("DNOM", "PNOM"),
    "prenom": ("DPREN", "PPREN"),
    "civilite": ("DCIVIL", "PCIVIL"),
    "titre": ("DCIVIL", "TITRE"),
    "adresse": ("DADR1", "ADRESSE"),
}
"""Two of them are names of ours: in a merge field of Word's they are as often the addressee's."""


def _key(name: str) -> str:
    return _NO_LETTER.sub("", fold(name))


_KNOWN: dict[str, Field] = {
    **{_key(word): BY_NAME[name] for name, words in _SYNONYMS.items() for word in words.split(",")},
    **{_key(name): field for name, field in BY_NAME.items()},
    _key(CABINET_CODE.name): CABINET_CODE,
}


def field_named(name: str) -> Field | None:
    """The field that a MERGEFIELD of this name means; None where it could mean two, or nothing of ours.

    Our own names are known in any case; with the @ they mean what they mean in a text.
    """
    if name.startswith("@"):
        return BY_NAME.get(name[1:])
    key = _key(name)
    return None if key in _TWO_MEANINGS else _KNOWN.get(key)


def why_unknown(name: str) -> str:
    """The French sentence for a name that `field_named` does not know."""
    if meanings := _TWO_MEANINGS.get(_key(name)):
        return f"le champ de fusion « {name} » peut avoir deux sens. Remplacez-le par {_choices(meanings)}."
    near = did_you_mean(name, [*BY_NAME, *(word.strip() for words in _SYNONYMS.values() for word in words.split(","))])
    todo = near or "Remplacez-le par un champ de la liste."
    return f"le champ de fusion « {name} » n’existe pas dans WebOrtho. {todo}"


def why_typed(name: str) -> str:
    """The French sentence for a name typed with an @ that the catalogue lacks, "" where this knows nothing better.

    People write @PRENOM: by its letters nearer to @PNOM than to what it means.
    """
    if name.removeprefix("@") in BY_NAME:
        return ""
    key = _key(name)
    if meanings := _TWO_MEANINGS.get(key):
        return f"le champ «\u00a0{name}\u00a0» peut avoir deux sens. Écrivez {_choices(meanings)}."
    meant = _KNOWN.get(key)
    return f"le champ «\u00a0{name}\u00a0» n’existe pas. Écrivez {_choices([meant.name])}." if meant else ""


def _choices(names: Iterable[str]) -> str:
    return " ou ".join(f"@{one} ({_small(BY_NAME[one].description)})" for one in names)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
