"""Every field that a mapping can fill: its French name and the kind of value it takes, declared once."""

from enum import Enum, auto

import msgspec


class Kind(Enum):
    NUMBER = auto()
    TEXT = auto()
    CIVILITY = auto()
    DATE = auto()
    MOMENT = auto()
    MONEY = auto()
    MINUTES = auto()
    BOOLEAN = auto()
    STATUS = auto()
    RANK = auto()
    EMAIL = auto()
    PHONE = auto()
    POSTCODE = auto()


class FieldInfo(msgspec.Struct, frozen=True):
    """`label` is lower case, as it stands within a sentence."""

    label: str
    kind: Kind
    is_half: bool = False
    """A cell may hold it and another one: `cabinet.splitting` cuts them."""
    is_past: bool = False
    """A day that something happened: one to come says that it did not yet."""


FIELDS: dict[str, FieldInfo] = {
    "number": FieldInfo("n° interne", Kind.NUMBER),
    "key": FieldInfo("clé du patient", Kind.NUMBER),
    "family": FieldInfo("famille", Kind.NUMBER),
    "patient": FieldInfo("patient", Kind.NUMBER),
    "civility": FieldInfo("civilité", Kind.CIVILITY),
    "last_name": FieldInfo("nom", Kind.TEXT, is_half=True),
    "first_name": FieldInfo("prénom", Kind.TEXT, is_half=True),
    "birth_date": FieldInfo("date de naissance", Kind.DATE),
    "treatment_start": FieldInfo("début de traitement", Kind.DATE),
    "rank": FieldInfo("rang", Kind.RANK),
    "address_1": FieldInfo("adresse, ligne 1", Kind.TEXT),
    "address_2": FieldInfo("adresse, ligne 2", Kind.TEXT),
    "postcode": FieldInfo("code postal", Kind.POSTCODE, is_half=True),
    "city": FieldInfo("ville", Kind.TEXT, is_half=True),
    "email": FieldInfo("e-mail", Kind.EMAIL),
    "mobile": FieldInfo("mobile", Kind.PHONE),
    "start": FieldInfo("date et heure", Kind.MOMENT),
    "end": FieldInfo("heure de fin", Kind.MOMENT),
    "kind": FieldInfo("nature", Kind.TEXT),
    "duration_minutes": FieldInfo("durée", Kind.MINUTES),
    "practitioner": FieldInfo("praticien", Kind.TEXT),
    "status": FieldInfo("état du rendez-vous", Kind.STATUS),
    "label": FieldInfo("libellé", Kind.TEXT),
    "total": FieldInfo("total", Kind.MONEY),
    "amount": FieldInfo("montant", Kind.MONEY),
    "settled": FieldInfo("traité", Kind.BOOLEAN),
    "remaining": FieldInfo("reste", Kind.MONEY),
    "settled_amount": FieldInfo("montant réglé", Kind.MONEY),
    "settled_on": FieldInfo("date de règlement", Kind.DATE, is_past=True),
    "date": FieldInfo("date", Kind.DATE),
    "as_of": FieldInfo("date du solde", Kind.DATE),
}
