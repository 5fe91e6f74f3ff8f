"""The words that exports name their columns and tables with -> ideas: « DATENAISS », « Né le » and « DOB » are one."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from cabinet.values import fold

_SPELLINGS = {
    "number": "numero num nu n nb no nr nro number ordre order ref reference matricule mle nummer",
    "id": "id ident identifiant uid uuid guid cle key pk",
    "code": "code cod",
    "patient": "patient patients pat pati enfant malade client clients customer customers adherent adherents adh "
    "membre membres member members eleve eleves kunde kunden patienten",
    "file": "dossier dossiers doss dos fiche fiches chart",
    "internal": "interne internal int",
    "name": "nom noms patronyme name names libnom",
    "last": "last surname lname usage nachname",
    "first": "prenom prenoms prn pren first forename given fname vorname",
    "whole": "complet full entier",
    "maiden": "maiden jeune fille",
    "civility": "civilite civ civil titre prefix title salutation politesse qualite prefixe anrede",
    "date": "date dat dt dte jour day dates datum",
    "birth": "naissance naiss nais nai ne nee birth geburt geburts",
    "begin": "debut deb start started starts commence begin from entree ouverture beginn",
    "end": "fin end stop ends finish until ende",
    "treatment": "traitement trait trt treatment ttt soin appareillage",
    "rank": "rang rank priorite priority",
    "address": "adresse adr adres addr address rue street voie ligne line strasse",
    "complement": "complement compl cplt comp suite batiment lieudit",
    "postcode": "cp postal codepostal zip zipcode postcode cpostal codpost copos plz postzahl",
    "town": "ville city commune town localite vil loc bureau ort",
    "email": "mail email courriel mel emails e-mail mailto adrmail messagerie",
    "mobile": "mobile mob gsm portable port cell cellphone cellulaire sms natel wireless handy",
    "phone": "tel telephone phone teleph fixe domicile dom",
    "time": "heure heures hr hre hrs time h horaire uhrzeit",
    "appointment": "rdv rendez vous rendezvous rv appointment appointments appt apt seance agenda planning visit "
    "visits calendar encounter encounters consultation consultations visite visites rdvs calendrier schedule "
    "termin termine",
    "kind": "nature type typ motif acte objet reason kind class classe procedure proc encounterclass genre categorie "
    "prestation prestations grund",
    "duration": "duree dur duration length minutes mn min lg temps tps dauer",
    "practitioner": "praticien prat practitioner provider docteur dr dentiste medecin doctor operateur "
    "orthodontiste soignant intervenant collaborateur collab chirurgien dentist clinician doctors "
    "medecins praticiens providers behandler arzt",
    "status": "etat statut status situation stat presence honore venu",
    "label": "libelle lib label intitule designation description descript descriptif desc detail motif texte objet "
    "item",
    "total": "total tot global",
    "amount": "montant mt mnt mtt amount amt prix price tarif cout somme valeur value betrag",
    "due": "du due owed restedu",
    "cancelled": "annule annulee annulation cancelled canceled decommande",
    "missed": "manque manquee absent absence lapin",
    "attended": "venu honore present presence",
    "settled": "traite regle paye percu percue solde paid settled encaisse acquitte pointe regler payee reglee "
    "soldee encaissee acquittee pointee",
    "payment": "reglement paiement payement payment encaissement versement acquittement",
    "remaining": "reste rest restant remaining outstanding remain",
    "instalment": "echeance ech echeances echeancier instalment installment instalments installments prelevement "
    "mensualite mensualites plan",
    "debit": "debit debits charge charges",
    "credit": "credit credits",
    "semester": "semestre semestres",
    "fee": "honoraire honoraires hono hon honor honore honores fee fees facture factures fact fac charge charges "
    "claim claims invoice invoices facturation billing bill bills charged rechnung rechnungen "
    "acte actes cotisation cotisations cotis",
    "balance": "solde soldes balance balances bal sold du dette saldo",
    "account": "compte comptes account accounts compta comptabilite ledger ecriture ecritures mouvement mouvements "
    "operation operations transactions reglements finance finances",
    "service": "service",
    "as": "arrete au maj asof",
    "addressee": "destinataire destinataires dest resp responsable responsables resple payeur payer tuteur legal "
    "payeurs "
    "correspondant correspondants representant debiteur contact contacts guardian guardians famille familles assure "
    "addressee titulaire parent parents recipient recipients",
    "father": "pere father papa",
    "mother": "mere mother maman",
    "referrer": "adresseur adresseurs referent referrer referral",
    "bill": "billed lastbilled",
    "photo": "photo photos image portrait",
    "archived": "archive archives inactif supprime deleted archived clos sorti termine",
    "active": "actif active actifs encours",
    "sex": "sexe gender sex",
    "creation": "creation created cree saisie modif modification updated maj envoi edition impression relance import",
    "death": "deces death",
    "security": "secu nir insee ssn ss nss securite sociale mutuelle caisse",
}
_NOISE = frozenset(
    {"le", "la", "les", "de", "des", "l", "d", "et", "a", "au", "un", "une", "of", "the", "and", "en"}
) | {
    *(
        "on",
        "pour",
        "par",
        "sur",
        "csv",
        "txt",
        "tsv",
        "t",
        "tbl",
        "table",
        "export",
        "fichier",
        "liste",
        "list",
        "main",
        "ttc",
    ),
}
"""Say nothing of what a column holds."""
_LINKS = ("de", "la", "du", "le", "les", "des", "d", "l")
"""Go from between two words, so that phrases are found; « du » at the end is an amount."""
_PHRASES = {
    "code postal": "cp",
    "rendez vous": "rdv",
    "e mail": "email",
    "c p": "cp",
    "zip code": "zip",
    "post code": "postcode",
    "jeune fille": "maiden",
    "ddn": "date naissance",
    "dob": "date naissance",
    "dnais": "date naissance",
    "dnaiss": "date naissance",
    "encounterclass": "nature",
    "pid": "id patient",
    "ipp": "id patient",
    "nip": "id patient",
    "nipp": "id patient",
    "npat": "num patient",
    "ndos": "num dossier",
    "ndoss": "num dossier",
    "ndossier": "num dossier",
    "suivi depuis": "debut traitement",
    "debut suivi": "debut traitement",
    "traitement depuis": "debut traitement",
    "traite depuis": "debut traitement",
    "appareille depuis": "debut traitement",
    "appareille le": "debut traitement",
    "date pose": "debut traitement",
    "rl": "responsable",
    "ad": "adresse",
    "cpo": "cp",
    "dtn": "date naissance",
    "eta": "etat",
    "fam": "famille",
    "heu": "heure",
    "mel": "mail",
    "nap": "cp",
    "npa": "cp",
    "por": "portable",
    "pre": "prenom",
    "reg": "regle",
    "res": "reste",
    "solde debiteur": "solde",
    "adresse par": "adresseur",
    "adresse complementaire": "adresse complement",
    "lieu dit": "lieudit",
    "c post": "cp",
    "cod post": "cp",
    "code post": "cp",
    "adr electronique": "email",
    "adresse electronique": "email",
    "courrier electronique": "email",
    "nom prenom": "nom complet",
    "nom et prenom": "nom complet",
    "prenom nom": "nom complet",
    "prenom et nom": "nom complet",
    "nomprenom": "nom complet",
    "nomprenoms": "nom complet",
    "prenomnom": "nom complet",
    "nom prenoms": "nom complet",
    "identite": "nom complet",
    "reste a percevoir": "reste du",
    "reste a encaisser": "reste du",
    "reste a payer": "reste du",
    "reste a regler": "reste du",
    "a payer le": "date echeance",
    "a regler le": "date echeance",
    "exigible le": "date echeance",
    "a encaisser le": "date echeance",
    "appels fonds": "echeances",
    "appel fonds": "echeance",
    "montant appele": "montant echeance",
    "montant a percevoir": "montant du",
    "montant a encaisser": "montant du",
    "a percevoir": "montant du",
    "a encaisser": "montant du",
    "prevu le": "date",
    "realise le": "date acte",
    "montant a payer": "montant du",
    "montant a regler": "montant du",
    "somme a payer": "montant du",
    "somme a regler": "montant du",
    "a payer": "montant du",
    "a regler": "montant du",
    "geburtstag": "geburt datum",
}
_WORDS: dict[str, frozenset[str]] = {}
for _idea, _words in _SPELLINGS.items():
    for _word in _words.split():
        _WORDS[_word] = _WORDS.get(_word, frozenset()) | {_idea}
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?<![LF](?=Name))(?=[A-ZÀ-Þ][a-zà-ÿ])")
"""Where a capital begins a word: « IDPatient », « NomPatient »; « LName » and « FName » are words of their own."""
_SPLIT = re.compile(r"[^a-z]+")
_PREFIX = re.compile(r"^[^\W_]+[_. -](?=\w)")
_SUFFIX = re.compile(r"(?<=\w)[_. -][^\W\d_]+$")
_FEWEST, _MOST = 3, 0.6
"""Columns, and their part, that must share an end of their names."""
_SHORTEST = 2
"""Letters of a word within words written as one."""
_LONGEST = 60


@lru_cache(maxsize=4096)
def ideas_of(name: str) -> tuple[frozenset[str], ...]:
    """One set for each word of a name, in order: a word may mean several things (« solde »), or nothing known (∅)."""
    spaced = re.sub(r"[nN]\s*°|[№°]", " numero ", name[:_LONGEST]).replace("(e)", "")
    words = [word for word in _SPLIT.split(fold(_CAMEL.sub(" ", spaced).replace(".", " "))) if word]
    last = len(words) - 1
    text = " ".join(word for place, word in enumerate(words) if word not in _LINKS or place == last)
    for phrase, word in _PHRASES.items():
        text = re.sub(rf"\b{phrase}\b", word, text)
    found: list[frozenset[str]] = []
    for word in text.split():
        if word in _WORDS:
            found.append(_WORDS[word])
        elif word not in _NOISE:
            pieces = _cut(word)
            found.extend([_WORDS[piece] for piece in pieces] if pieces else [frozenset()])
    return tuple(found)


def figure_of(name: str) -> int:
    """The number that a name ends with, as second addresses and second parents have; 0 for none."""
    found = re.search(r"(\d{1,2})\D*$", name)
    return int(found[1]) if found else 0


def shared_ends(names: Sequence[str]) -> tuple[str, str]:
    """What begins and what ends most of these names and means nothing, like « pc_ » or « _x »; "" for nothing."""
    prefix, suffix = (_most_shared(names, pattern) for pattern in (_PREFIX, _SUFFIX))
    return prefix, suffix


def _most_shared(names: Sequence[str], pattern: re.Pattern[str]) -> str:
    ends = Counter(found[0] for name in names if (found := pattern.search(name)))
    end, count = max(ends.items(), key=itemgetter(1), default=("", 0))
    return end if count >= max(_FEWEST, len(names) * _MOST) and not any(ideas_of(end)) else ""


def _cut(word: str) -> list[str]:
    """A word cut into as few known words as cover all of it: « numpat », « datenaiss »; nothing where none do.

    A D before it is the addressee's: « DNOM », « DVILLE ».
    """
    if word[:1] == "d" and (word[1:] in _WORDS or _cut(word[1:])):
        return ["destinataire", *([word[1:]] if word[1:] in _WORDS else _cut(word[1:]))]
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end - _SHORTEST + 1):
            head, piece = best[start], word[start:end]
            if head is not None and piece in _WORDS:
                current = best[end]
                if current is None or len(head) + 1 < len(current):
                    best[end] = [*head, piece]
    return best[-1] or []
