"""Which names a field goes by, in each part of a mapping, and how well a column's name says so."""

from cabinet.guessing.words import ideas_of

NAMES: dict[str, dict[str, str]] = {
    "patients": {
        "number": "number|number patient|number file|number internal|id|id patient|code patient|number file patient|"
        "file|code|file patient|id file|patient|number id",
        "civility": "civility|civility patient",
        "last_name": "name|last|last name|name whole|name patient|last name patient|last patient",
        "first_name": "first|first patient|first name|first name patient",
        "birth_date": "date birth|birth|date birth patient|birth patient",
        "treatment_start": "begin treatment|date begin treatment|begin|date begin|date treatment",
    },
    "addressees": {
        "rank": "rank|number addressee|rank addressee|number|order",
        "civility": "civility|civility addressee",
        "last_name": "name|last|last name|name addressee|last addressee|addressee|last name addressee|name whole|"
        "name whole addressee",
        "first_name": "first|first addressee|first name|first name addressee",
        "address_1": "address|address addressee|address number",
        "address_2": "address complement|complement|complement address addressee|complement addressee",
        "postcode": "postcode|postcode addressee|code postcode",
        "city": "town|town addressee",
        "email": "email|email addressee|address email",
        "mobile": "mobile|phone mobile|mobile addressee|phone mobile addressee|number mobile|phone|phone addressee",
    },
    "appointments": {
        "start": "date appointment|date|begin|date begin|date time|date time appointment|appointment|"
        "begin appointment|date begin appointment|time begin",
        "end": "end|time end|end appointment|date end|date time end",
        "kind": "kind|kind appointment|label|appointment label|code kind",
        "duration_minutes": "duration|duration appointment|duration duration",
        "practitioner": "practitioner|code practitioner|name practitioner|practitioner appointment",
        "status": "status|status appointment|code status",
    },
    "instalments": {
        "label": "label|label instalment|kind|kind instalment",
        "total": "total|amount total",
        "amount": "amount|amount instalment|amount due|due|instalment",
        "settled": "settled|status|status settled|instalment settled",
        "date": "date|date instalment|date due|instalment|due|begin",
    },
    "fees": {
        "label": "label|label fee|kind|kind label|code kind|semester",
        "total": "total|amount total|total fee",
        "amount": "amount|amount fee|fee|fee semester|amount semester|amount kind",
        "remaining": "remaining|remaining due|amount remaining|balance|balance remaining|due|amount due",
        "date": "date|date fee|date kind|date service|begin",
    },
    "balances": {
        "amount": "balance|amount balance|amount due|due|amount|remaining|amount remaining|remaining due",
        "as_of": "date|date balance|as|date as|date amount",
    },
}
"""Part -> field -> what its column is called, best first, as ideas (`cabinet.guessing.words`)."""
PAYMENTS = {
    "settled_amount": "amount settled|settled|amount payment|payment|total settled",
    "settled_on": "date settled|date payment|settled|payment",
}
"""The same of instalments, for what says only in a roundabout way that they are settled."""
OWNER = "number patient|id patient|code patient|patient|number file|file|number internal|number file patient|number|"
OWNER += "id file|file patient|code|id"
"""What the column is called that says whose a row is."""
TABLE_NAMES = {
    "patients": ("patient",),
    "addressees": ("addressee", "father", "mother"),
    "appointments": ("appointment",),
    "instalments": ("instalment",),
    "fees": ("fee", "semester"),
    "balances": ("balance",),
}
_FALL = 0.04
"""Lost with each place in the list of a field's names."""
_LEAST = 0.5


def likeness(name: str, wanted: str, ignore: frozenset[str] = frozenset()) -> float:
    """How well a column's name says what `wanted` lists: 1 for the best name, 0 for none of them.

    Words that mean something of `ignore` do not count. Words that say more than the field does count against it:
    « DATE_CREATION » is a date, but hardly the one.
    """
    found = [word for word in ideas_of(name) if not word & ignore]
    if not found:
        return 0.0
    best = 0.0
    for place, entry in enumerate(wanted.split("|")):
        ideas = entry.split()
        if not ideas:
            continue
        left = list(found)
        for idea in ideas:
            holder = next((word for word in left if idea in word), None)
            if holder is None:
                break
            left.remove(holder)
        else:
            score = max(1.0 - _FALL * place, _LEAST) - 0.3 * len(left)
            best = max(best, score)
    return max(best, 0.0)


def named_after(table: str, part: str) -> bool:
    """Whether a table's name says that it is this part of the mapping."""
    return any(idea in word for word in ideas_of(table) for idea in TABLE_NAMES[part])
