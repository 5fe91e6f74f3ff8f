"""What to tell a person when the portal does not answer, or when the answer is not the portal's."""

from portal.api.errors import PortalUnreachable


def silent(host: str) -> PortalUnreachable:
    return PortalUnreachable(
        f"Le portail {host} ne répond pas. Rien n’est publié à moitié.",
        "Vérifiez la connexion à Internet de ce poste, puis réessayez.",
    )


def no_connection(host: str) -> PortalUnreachable:
    return PortalUnreachable(
        f"Le portail {host} est injoignable. Rien n’est publié à moitié.",
        "Vérifiez l’adresse du portail et la connexion à Internet de ce poste, puis réessayez.",
    )


def cut(host: str) -> PortalUnreachable:
    return PortalUnreachable(
        f"La liaison avec le portail {host} a été coupée. Rien n’est publié à moitié.",
        "Réessayez\u00a0: une synchronisation interrompue reprend d’elle-même.",
    )


def bad_certificate(host: str) -> PortalUnreachable:
    return PortalUnreachable(
        f"Le certificat du portail {host} n’a pas pu être vérifié. Rien n’a été envoyé.",
        "Vérifiez la date de ce poste et l’adresse du portail\u00a0; si elles sont justes, appelez votre hébergeur.",
    )


def bad_proxy(host: str) -> PortalUnreachable:
    return PortalUnreachable(
        f"Le proxy de ce poste n’a pas une adresse utilisable\u00a0: le portail {host} est injoignable. Rien n’a été "
        "envoyé.",
        "Corrigez le proxy dans les réglages de l’ordinateur ou dans HTTPS_PROXY, par exemple proxy.exemple.fr:3128.",
    )


def redirected(host: str) -> PortalUnreachable:
    return PortalUnreachable(
        f"L’adresse {host} renvoie vers un autre site. Rien n’a été envoyé à cet autre site.",
        "Vérifiez l’adresse du portail\u00a0; un réseau Wi-Fi public peut aussi demander une connexion dans le "
        "navigateur.",
    )


def foreign(host: str) -> PortalUnreachable:
    return PortalUnreachable(
        f"La réponse reçue de {host} n’est pas celle d’un portail WebOrtho.",
        "Vérifiez l’adresse du portail\u00a0; un réseau Wi-Fi public ou un pare-feu peut aussi répondre à sa place.",
    )


def broken(host: str, status: int) -> PortalUnreachable:
    return PortalUnreachable(
        f"Le portail {host} est en panne (erreur {status}). Rien n’est publié à moitié.",
        "Réessayez dans quelques minutes\u00a0; si cela dure, appelez votre hébergeur.",
    )


def misunderstood(host: str) -> PortalUnreachable:
    """For an answer of the right kind whose content is not what was agreed."""
    return PortalUnreachable(
        f"Le portail {host} a envoyé une réponse incomplète ou inattendue. Rien n’est publié à moitié.",
        "Réessayez\u00a0; si cela se répète, mettez WebOrtho à jour sur ce poste.",
    )
