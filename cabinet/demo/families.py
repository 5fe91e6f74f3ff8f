"""Invented families: who is treated, who gets the letters, where they live and how they are reached.

E-mail addresses are at example domains and telephone numbers in the ranges that ARCEP keeps for fiction: nobody is
ever written to or called.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from random import Random

from cabinet.demo.words import Words
from cabinet.dossier import Addressee, Patient

_EMAIL_DOMAINS = ("exemple.fr", "exemple.fr", "example.com", "example.org", "example.net")
_YEAR = 365


@dataclass(frozen=True)
class Person:
    """A patient with their addressees, the first of whom the letters go to."""

    patient: Patient
    addressees: tuple[Addressee, ...]


@dataclass(frozen=True)
class _Home:
    address_1: str
    address_2: str
    postcode: str
    city: str


def family(random: Random, words: Words, numbers: list[str], today: dt.date) -> list[Person]:
    """A family with one patient a number: brothers and sisters, an only child, or an adult."""
    name = random.choice(words.last_names)
    if len(numbers) == 1 and random.random() < 0.22:
        return [_adult(random, words, numbers[0], name, today)]
    addressees = _parents(random, words, name)
    return [Person(_child(random, words, number, name, today), addressees) for number in numbers]


def _child(random: Random, words: Words, number: str, name: str, today: dt.date) -> Patient:
    girl = random.random() < 0.52
    return Patient(
        number=number,
        civility="Mademoiselle" if girl else "Monsieur",
        last_name=name.upper(),
        first_name=random.choice(words.girls if girl else words.boys),
        birth_date=today - dt.timedelta(days=random.randint(9 * _YEAR, 18 * _YEAR)),
        treatment_start=_treatment_start(random, today),
    )


def _adult(random: Random, words: Words, number: str, name: str, today: dt.date) -> Person:
    woman = random.random() < 0.6
    civility = "Madame" if woman else "Monsieur"
    first_name = random.choice(words.mothers if woman else words.fathers)
    patient = Patient(
        number=number,
        civility=civility,
        last_name=name.upper(),
        first_name=first_name,
        birth_date=today - dt.timedelta(days=random.randint(20 * _YEAR, 62 * _YEAR)),
        treatment_start=_treatment_start(random, today),
    )
    return Person(patient, (_addressee(random, civility, name, first_name, _home(random, words)),))


def _parents(random: Random, words: Words, name: str) -> tuple[Addressee, ...]:
    mother, father = random.choice(words.mothers), random.choice(words.fathers)
    draw = random.random()
    if draw < 0.18:
        # Separated: each parent at home, the mother often under a name of her own.
        other_name = name if random.random() < 0.4 else random.choice(words.last_names)
        parents = [
            _addressee(random, "Madame", other_name, mother, _home(random, words)),
            _addressee(random, "Monsieur", name, father, _home(random, words)),
        ]
        return tuple(parents if random.random() < 0.7 else parents[::-1])
    home = _home(random, words)
    if draw < 0.55:
        return (_addressee(random, "Madame", name, mother, home),)
    if draw < 0.75:
        return (_addressee(random, "Monsieur", name, father, home),)
    return (_addressee(random, "Monsieur et Madame", name, father, home),)


def _treatment_start(random: Random, today: dt.date) -> dt.date | None:
    """None before treatment; else evenly over the five years that a cabinet keeps on its books."""
    if random.random() < 0.06:
        return None
    return today - dt.timedelta(days=random.randint(14, 5 * _YEAR))


def _home(random: Random, words: Words) -> _Home:
    abroad = random.random() < 0.025
    postcode, city = (words.cities_abroad if abroad else words.cities).draw(random)
    number = f"{random.randint(1, 180)}{random.choices(('', ' bis', ' ter'), (20, 2, 1))[0]}"
    line = random.choice(words.address_lines) if random.random() < 0.3 else ""
    return _Home(f"{number} {random.choice(words.streets)}", line, postcode, city)


def _addressee(random: Random, civility: str, last_name: str, first_name: str, home: _Home) -> Addressee:
    """Some have no e-mail, some no mobile, a few neither; abroad there is no number that is nobody's."""
    france = home.postcode.isdecimal() and len(home.postcode) == 5
    email = _email(random, last_name, first_name) if random.random() < 0.85 else ""
    mobile = f"06 39 98 {random.randint(0, 99):02} {random.randint(0, 99):02}" if random.random() < 0.88 else ""
    return Addressee(
        civility=civility,
        last_name=last_name.upper(),
        first_name=first_name,
        address_1=home.address_1,
        address_2=home.address_2,
        postcode=home.postcode,
        city=home.city,
        email=email,
        mobile=mobile if france else "",
    )


def _email(random: Random, last_name: str, first_name: str) -> str:
    name = f"{_ascii(first_name)}.{_ascii(last_name)}{random.choice(('', '', random.randint(1, 99)))}"
    return f"{name}@{random.choice(_EMAIL_DOMAINS)}"


def _ascii(name: str) -> str:
    bare = unicodedata.normalize("NFD", name.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z-]", "", bare.replace(" ", "-")).strip("-")
