"""What msgspec says of a value that people wrote, in French: the key, and what it should be. Lists count from 1."""

import re

import msgspec

TYPES = {
    "str": "un texte entre guillemets",
    "int": "un nombre entier",
    "float": "un nombre",
    "bool": "true ou false",
    "array": "une liste",
    "object": "une table",
}
"""Kinds of values as msgspec calls them, and as TOML's writers know them."""
_BOUNDS = {">=": "d’au moins", "<=": "d’au plus", ">": "de plus de", "<": "de moins de"}
_WRONG_TYPE = re.compile(r"Expected `([\w | ]+)`(?: ([<>]=?) ([\d.]+)| of length (\d+))?")
_RULES = (
    (re.compile(r"missing required field `(\w+)`"), "{within}il manque la clé «\u00a0{0}\u00a0»"),
    (re.compile(r"contains unknown field `(.*)`"), "{within}la clé «\u00a0{0}\u00a0» n’existe pas"),
    (re.compile(r"Invalid (?:enum )?value '?(.*?)'?$"), "{shown} vaut «\u00a0{0}\u00a0», qui n’est pas possible"),
    (re.compile(r"matching regex"), "{shown} n’a pas la forme voulue"),
)
"""What msgspec says, and its French."""


def in_french(error: msgspec.ValidationError, whole: str = "") -> str:
    """« « smtp.port » doit être un nombre entier d’au plus 65535 ». `whole` names the document, if it must be named."""
    message, _, place = str(error).partition(" - at `$")
    path = re.sub(r"\[(\d+)\]", lambda found: f"[{int(found[1]) + 1}]", place.rstrip("`")).lstrip(".")
    named = f"«\u00a0{path}\u00a0»" if path else whole
    within, shown = f"dans {named}, " if named else "", named or "le document"
    if isinstance(error.__cause__, ValueError):
        return f"{within}{error.__cause__}"
    for rule, words in _RULES:
        if found := rule.search(message):
            return words.format(*found.groups(), within=within, shown=shown)
    if wrong := _WRONG_TYPE.match(message):
        wanted = " ou ".join(TYPES.get(kind, kind) for kind in wrong[1].split(" | ") if kind != "null")
        if wrong[2]:
            wanted += f" {_BOUNDS[wrong[2]]} {wrong[3].removesuffix('.0').replace('.', ',')}"
        if wrong[4]:
            wanted += f" de {wrong[4]} valeurs"
        return f"{shown} doit être {wanted}"
    return f"{shown} a une valeur impossible"
