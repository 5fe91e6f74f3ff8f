"""What is wrong with a mapping file, in French: the key, its place, and what was probably meant."""

import re

import msgspec
from msgspec.inspect import Field, StructType, Type, UnionType, VarTupleType, type_info

from cabinet.errors import MappingError
from cabinet.mapping_parts import FILTER_OF_A_TABLE, ONE_SOURCE, ONE_TABLE
from cabinet.suggestions import did_you_mean

EXAMPLE = "resources/demo/mapping.toml"
"""Where every key is shown at work."""

_RULES = (
    (
        ONE_SOURCE,
        "doit avoir une seule des clés column, columns, constant",
        "Gardez celle qui dit d’où vient la valeur.",
    ),
    (
        ONE_TABLE,
        "doit avoir une seule des clés file, query",
        "Gardez celle qui dit où sont les lignes\u00a0: un fichier, ou une requête à une base de données.",
    ),
    (
        FILTER_OF_A_TABLE,
        "a un filtre «\u00a0where\u00a0» sans fichier à filtrer",
        "Ajoutez-lui «\u00a0file\u00a0», ou retirez «\u00a0where\u00a0».",
    ),
)


def refuse_unknown_keys(raw: object, expected: type, name: str) -> None:
    """Raise `MappingError` for the first key, at any depth, that the struct `expected` does not have."""
    _walk(raw, type_info(expected), "", name)


def _walk(raw: object, expected: Type, path: str, name: str) -> None:
    if isinstance(expected, UnionType):
        for option in expected.types:
            if isinstance(option, StructType | VarTupleType):
                _walk(raw, option, path, name)
    elif isinstance(expected, VarTupleType) and isinstance(raw, list):
        for index, item in enumerate(raw, start=1):
            _walk(item, expected.item_type, f"{path}[{index}]", name)
    elif isinstance(expected, StructType) and isinstance(raw, dict):
        fields: dict[str, Field] = {field.encode_name: field for field in expected.fields}
        for key, value in raw.items():
            place = f"{path}.{key}" if path else key
            if key not in fields:
                raise MappingError(
                    f"Le mapping {name} contient une clé inconnue\u00a0: «\u00a0{place}\u00a0».",
                    did_you_mean(key, fields) or f"Clés possibles ici\u00a0: {', '.join(fields)}.",
                )
            _walk(value, fields[key].type, place, name)


def invalid_value(error: msgspec.ValidationError, name: str) -> MappingError:
    """The French form of msgspec's refusal of a value."""
    message, _, place = str(error).partition(" - at `$")
    path = re.sub(r"\[(\d+)\]", lambda m: f"[{int(m[1]) + 1}]", place.rstrip("`")).lstrip(".")
    shown = f"«\u00a0{path}\u00a0»" if path else "le document"
    if missing := re.search(r"missing required field `(\w+)`", message):
        key = f"{path}.{missing[1]}" if path else missing[1]
        return MappingError(f"Dans le mapping {name}, il manque la clé «\u00a0{key}\u00a0».", "Ajoutez-la.")
    for rule, what, todo in _RULES:
        if rule in message:
            return MappingError(f"Dans le mapping {name}, {shown} {what}.", todo)
    if choice := re.search(r"Invalid enum value '?(.*?)'?$", message):
        return MappingError(
            f"Dans le mapping {name}, {shown} vaut «\u00a0{choice[1]}\u00a0», qui n’est pas possible.",
            f"Les valeurs possibles sont décrites dans l’exemple {EXAMPLE}.",
        )
    if bound := re.search(r"of length ([<>])=", message):
        rule = "doit tenir en un caractère" if bound[1] == "<" else "ne doit pas être vide"
        return MappingError(f"Dans le mapping {name}, {shown} {rule}.", "Corrigez cette valeur.")
    if kinds := re.match(r"Expected `(.+?)`(?:, got `(\w+)`)?", message):
        from cabinet.refused_values import TYPES  # noqa: PLC0415 - only an error needs it

        wanted = " ou ".join(TYPES.get(kind, kind) for kind in re.split(r"\s*\|\s*", kinds[1]) if kind != "null")
        return MappingError(f"Dans le mapping {name}, {shown} doit être {wanted}.", "Corrigez cette valeur.")
    return MappingError(
        f"Dans le mapping {name}, {shown} a une valeur impossible.",
        f"Comparez avec l’exemple {EXAMPLE}.",
    )
