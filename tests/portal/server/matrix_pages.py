"""The pages' rows of the access matrix: route -> what GET answers to somebody who is signed out."""

SIGN_IN = 303
"""Sent to the sign-in page."""

PAGES: dict[str, int] = {
    "c/<cabinet:code>/image/<digest:digest>": 404,
    "static/<str:name>": 404,
    "": 200,
    "c/<str:code>": 404,
    "deconnexion": 405,
    "premiere-visite": 200,
    "premiere-visite/<str:token>": 404,
    "activer/<str:token>": 404,
    "bienvenue": SIGN_IN,
    "mot-de-passe-oublie": 200,
    "mot-de-passe/<str:token>": 404,
    "dossier/mot-de-passe": SIGN_IN,
    "dossier/e-mail": SIGN_IN,
    "rendez-vous": SIGN_IN,
    "rendez-vous.ics": SIGN_IN,
    "rendez-vous/<str:start>.ics": SIGN_IN,
    "comptabilite": SIGN_IN,
    "comptabilite/honoraires": SIGN_IN,
    "contact": SIGN_IN,
    "dossier": SIGN_IN,
    "photo/<digest:digest>": SIGN_IN,
    "langue": 405,
    "accessibilite": 200,
    "donnees-personnelles": 200,
}

PARAMETERS = {
    "<str:token>": "A" * 22,
    "<str:code>": "nulle-part",
    "<cabinet:code>": "nulle-part",
    "<str:start>": "20250101T1000",
    "<digest:digest>": "0" * 32,
    "<str:name>": "portal.css",
}


def address_of(route: str) -> str:
    """An address of the route whose parts name nothing that exists."""
    for parameter, value in PARAMETERS.items():
        route = route.replace(parameter, value)
    return "/" + route
