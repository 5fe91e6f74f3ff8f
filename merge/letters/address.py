"""The address in the window (NF Z10-011): at most six lines of 38 characters, capitals without punctuation at the end.

    1  civility, name, first name         4  number and street
    2  apartment, floor, « chez »         5  hamlet, post-office box
    3  building, entrance, residence      6  postcode and city        (7: the country, in its own line, counts)

An export knows two address lines; the second is a complement (before the street) or a place (after it), by its words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import msgspec

from cabinet.dossier import Addressee
from cabinet.values import clean, fold

MAX_LINES = 6
MAX_CHARACTERS = 38
_TOWNS = 1024
"""How many are remembered: a cabinet's families live in few of them."""
_COMPLEMENT = re.compile(
    r"(?:app(?:t|artement)?|bat(?:iment)?|b(?:loc|at)|chez|entree|esc(?:alier)?|et(?:g|age)|hall|imm(?:euble)?|porte|"
    r"pte|res(?:idence)?|tour|villa|\d+ ?(?:er|e|eme) etage)\b"
)
_PUNCTUATION = re.compile(r"[^\w \u0300-\u036f]|_")
"""Not the accents that stand beside their letter: not every letter is held with its own by Unicode."""
_FRENCH_POSTCODE = re.compile(r"\d{5}")
_DEPARTMENTS = re.compile(r"(?!00|96|97|98|99)\d\d\d|97[1-8]|980|98[46789]")
"""The first three figures: of the mainland and Corsica (20…), Monaco, overseas (code officiel géographique, INSEE)."""
_CORSICA = re.compile(r"2[AaBb]\d{3}")
_CEDEX = re.compile(r"(?i)\bcedex\b")
_WITH_CEDEX = re.compile(r"(?i)[^\W\d_].* cedex(?: \d{1,2})?")
"""« DIJON CEDEX », « PARIS CEDEX 08 » (NF Z10-011): the town, the word, the office's number where it has one."""
_LEADING_POSTCODE = re.compile(r"(?P<postcode>\d{5})\s+(?P<town>\D.*)")
_COUNTRY_IN_CITY = re.compile(r"(?P<city>.+?)\s*(?:\((?P<inside>[^()]+)\)|[,/–-]\s*(?P<after>[^,/–()]+))")
_SHORT_CIVILITIES = {
    "Monsieur": "M.",
    "Madame": "Mme",
    "Mademoiselle": "Mlle",
    "Monsieur et Madame": "M. et Mme",
    "Madame et Monsieur": "Mme et M.",
    "Docteur": "Dr",
    "Professeur": "Pr",
}
COUNTRIES = frozenset(
    map(fold, files("templates").joinpath("letters", "pays.txt").read_text(encoding="utf-8").splitlines())
)
"""Names in French, as the last line of an address abroad wants them (La Poste, courrier international)."""


class AddressProblem(msgspec.Struct, frozen=True):
    """What keeps an address out of the window."""

    code: str
    """`address-missing`, `address-lines`, `address-length`, `address-country`, `address-postcode`, `address-town`."""
    what: str
    todo: str


class AddressBlock(msgspec.Struct, frozen=True):
    """The lines in the window, and what is wrong with them; with a problem they are not printed."""

    lines: tuple[str, ...]
    problems: tuple[AddressProblem, ...] = ()


def address_block(addressee: Addressee) -> AddressBlock:
    """The address as the post wants it. Nothing is cut: what does not fit is a problem with its remedy."""
    first, second = clean(addressee.address_1), clean(addressee.address_2)
    city, country = _city_and_country(clean(addressee.city), second)
    if country and fold(second) == fold(country):
        second = ""
    postcode = clean(addressee.postcode)
    city = _without_postcode(city, postcode)
    complement, place = (second, "") if _COMPLEMENT.match(fold(second)) else ("", second)
    if not first:
        complement, place = "", second
    lines = [
        _name(addressee),
        complement,
        *map(capitals, (first, place, f"{postcode} {city}", country)),
    ]
    kept = tuple(line for line in lines if line)
    return AddressBlock(kept, tuple(_problems(addressee, kept, postcode, city, country)))


@lru_cache(_TOWNS)
def capitals(line: str) -> str:
    """Capitals, and a space for every punctuation mark: « 25, rue de l’Église » -> « 25 RUE DE L ÉGLISE »."""
    return " ".join(_PUNCTUATION.sub(" ", line).upper().split())


def _name(addressee: Addressee) -> str:
    civility = clean(addressee.civility)
    names = [clean(addressee.last_name), clean(addressee.first_name)]
    line = " ".join(filter(None, (civility, *names)))
    if len(line) > MAX_CHARACTERS and civility in _SHORT_CIVILITIES:
        line = " ".join(filter(None, (_SHORT_CIVILITIES[civility], *names)))
    return line


@lru_cache(_TOWNS)
def _city_and_country(city: str, second: str) -> tuple[str, str]:
    """The country stands in the second line, or in the city's field: « GENÈVE (SUISSE) », « Genève, Suisse »."""
    if fold(second) in COUNTRIES:
        return city, second
    if fold(city) in COUNTRIES:
        return city, city
    match = _COUNTRY_IN_CITY.fullmatch(city)
    country = (match["inside"] or match["after"]) if match else ""
    if match and fold(country) in COUNTRIES:
        return match["city"], country
    return city, ""


def _without_postcode(city: str, postcode: str) -> str:
    """« 21000 Dijon » in the city's field says the postcode again."""
    match = _LEADING_POSTCODE.fullmatch(city)
    return match["town"] if match and match["postcode"] == postcode else city


def _problems(
    addressee: Addressee, lines: tuple[str, ...], postcode: str, city: str, country: str
) -> list[AddressProblem]:
    problems = []
    absent = [
        word
        for word, value in (
            ("le nom", addressee.last_name),
            ("la rue", addressee.address_1 + addressee.address_2),
            ("le code postal", addressee.postcode),
            ("la ville", addressee.city),
        )
        if not clean(value)
    ]
    if absent:
        problems.append(
            AddressProblem(
                "address-missing",
                f"l’adresse est incomplète\u00a0: il manque {_listed(absent)}.",
                "Complétez la fiche du destinataire dans le logiciel du cabinet.",
            )
        )
    elif not country:
        problems += _in_france(postcode, city)
    if len(lines) > MAX_LINES:
        problems.append(
            AddressProblem(
                "address-lines",
                f"l’adresse a {len(lines)} lignes, et la fenêtre de l’enveloppe en montre {MAX_LINES}.",
                "Regroupez deux lignes dans la fiche du destinataire.",
            )
        )
    problems += [
        AddressProblem(
            "address-length",
            f"la ligne d’adresse «\u00a0{line}\u00a0» a {len(line)} caractères, et la norme postale en admet 38.",
            "Abrégez-la dans la fiche du destinataire (AV pour AVENUE, BD pour BOULEVARD, RES pour RÉSIDENCE).",
        )
        for line in lines
        if len(line) > MAX_CHARACTERS
    ]
    return problems


@lru_cache(_TOWNS)
def _in_france(postcode: str, city: str) -> tuple[AddressProblem, ...]:
    """What is wrong with the form of a French postcode or town."""
    return tuple(_wrong_in_france(postcode, city))


def _wrong_in_france(postcode: str, city: str) -> Iterator[AddressProblem]:
    shown = f"«\u00a0{postcode}\u00a0»"
    if _CORSICA.fullmatch(postcode):
        what = f"{shown} est le code d’une commune de Corse, où les codes postaux commencent par 20."
        yield AddressProblem("address-postcode", what, "Corrigez le code postal dans la fiche du destinataire.")
    elif not _FRENCH_POSTCODE.fullmatch(postcode):
        lost = len(postcode) == 4 and postcode.isdecimal() and _DEPARTMENTS.match(f"0{postcode}")
        yield AddressProblem(
            "address-country",
            f"{shown} n’est pas un code postal français, et l’adresse ne nomme pas de pays.",
            (f"Écrivez 0{postcode} si le zéro du début s’est perdu" if lost else "Corrigez le code postal")
            + ", ou écrivez le pays dans la deuxième ligne de l’adresse.",
        )
    elif not _DEPARTMENTS.match(postcode):
        what = f"aucun code postal français ne commence comme {shown}."
        yield AddressProblem("address-postcode", what, "Corrigez-le dans la fiche du destinataire.")
    told = f"«\u00a0{city}\u00a0»"
    if not any(sign.isalpha() for sign in city) or _LEADING_POSTCODE.fullmatch(city):
        yield AddressProblem(
            "address-town",
            f"{told} n’est pas un nom de ville.",
            "Écrivez dans la fiche du destinataire la ville seule, et le code postal dans son champ.",
        )
    elif _CEDEX.search(city) and not _WITH_CEDEX.fullmatch(city):
        yield AddressProblem(
            "address-town",
            f"{told} n’a pas la forme d’une adresse CEDEX.",
            "Écrivez la ville, puis CEDEX et son numéro\u00a0: DIJON CEDEX 9.",
        )


def _listed(words: list[str]) -> str:
    return " et ".join(filter(None, (", ".join(words[:-1]), words[-1])))
