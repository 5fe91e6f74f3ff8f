"""The word lists that the demo cabinet's people and places are put together from (data files in `resources/demo`)."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random


@dataclass(frozen=True)
class Cities:
    """Places with how often they are drawn."""

    places: tuple[tuple[str, str], ...]
    """(postcode, city)."""
    weights: tuple[int, ...]

    def draw(self, random: Random) -> tuple[str, str]:
        return random.choices(self.places, self.weights)[0]


@dataclass(frozen=True)
class Words:
    last_names: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    mothers: tuple[str, ...]
    fathers: tuple[str, ...]
    streets: tuple[str, ...]
    address_lines: tuple[str, ...]
    cities: Cities
    cities_abroad: Cities


@cache
def words() -> Words:
    return Words(
        last_names=_lines("last_names.txt"),
        girls=_lines("first_names_girls.txt"),
        boys=_lines("first_names_boys.txt"),
        mothers=_lines("first_names_mothers.txt"),
        fathers=_lines("first_names_fathers.txt"),
        streets=_lines("streets.txt"),
        address_lines=_lines("address_lines.txt"),
        cities=_cities("cities.csv"),
        cities_abroad=_cities("cities_abroad.csv"),
    )


def _lines(name: str) -> tuple[str, ...]:
    return tuple(_text(name).splitlines())


def _cities(name: str) -> Cities:
    rows = list(csv.reader(_text(name).splitlines()[1:], delimiter=";"))
    return Cities(tuple((postcode, city) for _, postcode, city in rows), tuple(int(weight) for weight, _, _ in rows))


def _text(name: str) -> str:
    return files("resources").joinpath("demo", name).read_text(encoding="utf-8")
