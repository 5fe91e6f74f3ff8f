"""Every refusal of the API, declared once: a stable name, a status, and French sentences (RFC 9457)."""

from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

import msgspec
from django.http import HttpResponse

from portal.api.shapes import ProblemDocument

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:webortho:"
_NOTHING_PUBLISHED = "Rien n’a été publié\u00a0: le portail montre toujours l’état précédent."


@dataclass(frozen=True)
class _Refusal:
    name: str
    status: HTTPStatus
    title: str
    detail: str
    """What to do; a problem may carry a more precise one."""


class Kind(Enum):
    WRONG_TOKEN = _Refusal(
        "wrong-token",
        HTTPStatus.UNAUTHORIZED,
        "Le portail ne reconnaît pas ce poste.",
        "Son accès a été retiré ou n’a jamais été donné. Demandez un nouveau code d’enrôlement, puis enrôlez ce poste.",
    )
    WRONG_CODE = _Refusal(
        "wrong-code",
        HTTPStatus.UNAUTHORIZED,
        "Ce code d’enrôlement n’est pas valable.",
        "Un code sert une seule fois, pendant 48 heures. Vérifiez ce que vous avez tapé, ou demandez-en un nouveau.",
    )
    ROLE_NOT_ALLOWED = _Refusal(
        "role-not-allowed",
        HTTPStatus.FORBIDDEN,
        "Ce poste n’a pas le droit de faire cela.",
        "Faites-le depuis un poste dont le rôle le permet, ou enrôlez celui-ci avec un autre rôle.",
    )
    NOT_FOUND = _Refusal(
        "not-found",
        HTTPStatus.NOT_FOUND,
        "Le portail ne trouve pas ce qui est demandé.",
        "Vérifiez l’adresse du portail, puis mettez WebOrtho à jour si cela continue.",
    )
    METHOD_NOT_ALLOWED = _Refusal(
        "method-not-allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Cette adresse du portail ne s’utilise pas ainsi.",
        "Mettez WebOrtho à jour sur ce poste.",
    )
    BAD_BODY = _Refusal(
        "bad-body",
        HTTPStatus.BAD_REQUEST,
        "Le portail n’a pas compris ce que ce poste a envoyé.",
        "Rien n’a été modifié. Mettez WebOrtho à jour sur ce poste, puis recommencez.",
    )
    PROGRAM_TOO_OLD = _Refusal(
        "program-too-old",
        HTTPStatus.UPGRADE_REQUIRED,
        "La version de WebOrtho de ce poste est trop ancienne pour ce portail.",
        "Rien n’a été modifié. Mettez WebOrtho à jour sur ce poste, puis recommencez.",
    )
    PORTAL_TOO_OLD = _Refusal(
        "portal-too-old",
        HTTPStatus.NOT_IMPLEMENTED,
        "Le portail est plus ancien que la version de WebOrtho de ce poste.",
        "Rien n’a été modifié. Demandez à votre hébergeur de mettre le portail à jour.",
    )
    BAD_MEDIA_TYPE = _Refusal(
        "bad-media-type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "Le portail n’accepte pas cette forme d’envoi.",
        "Mettez WebOrtho à jour sur ce poste.",
    )
    TOO_LARGE = _Refusal(
        "too-large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "Cet envoi est trop grand pour le portail.",
        "Rien n’a été modifié.",
    )
    TOO_MANY_TRIES = _Refusal(
        "too-many-tries",
        HTTPStatus.TOO_MANY_REQUESTS,
        "Trop d’essais.",
        "Réessayez dans 15 minutes.",
    )
    TOO_MANY_LOOKS = _Refusal(
        "too-many-looks",
        HTTPStatus.TOO_MANY_REQUESTS,
        "Beaucoup de dossiers publiés ont été consultés en peu de temps.",
        "Le portail les protège ainsi d’une copie. Attendez un peu, puis réessayez.",
    )
    LEASE_HELD = _Refusal(
        "lease-held",
        HTTPStatus.CONFLICT,
        "Un autre poste du cabinet publie en ce moment.",
        "Attendez qu’il ait fini, puis relancez la mise à jour.",
    )
    RUN_CLOSED = _Refusal(
        "run-closed",
        HTTPStatus.CONFLICT,
        "Cette mise à jour n’est plus ouverte sur le portail.",
        f"{_NOTHING_PUBLISHED} Relancez la mise à jour depuis le début.",
    )
    STALE_ROOT = _Refusal(
        "stale-root",
        HTTPStatus.CONFLICT,
        "Le portail a changé pendant la mise à jour.",
        f"{_NOTHING_PUBLISHED} Relancez la mise à jour.",
    )
    BATCH_MISSING = _Refusal(
        "batch-missing",
        HTTPStatus.CONFLICT,
        "Une partie des dossiers n’est pas arrivée sur le portail.",
        f"{_NOTHING_PUBLISHED} Relancez la mise à jour.",
    )
    DIGEST_MISMATCH = _Refusal(
        "digest-mismatch",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Ce qui est arrivé sur le portail n’est pas ce que ce poste a annoncé.",
        f"{_NOTHING_PUBLISHED} Relancez la mise à jour\u00a0; si cela continue, enrôlez de nouveau ce poste.",
    )
    BAD_DOSSIER = _Refusal(
        "bad-dossier",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Un dossier envoyé n’a pas la forme attendue.",
        f"{_NOTHING_PUBLISHED} Mettez WebOrtho à jour sur ce poste, puis relancez la mise à jour.",
    )
    TABLE_LOST_ROWS = _Refusal(
        "table-lost-rows",
        HTTPStatus.CONFLICT,
        "L’export du cabinet a perdu une grande partie de ce qu’il contenait.",
        f"{_NOTHING_PUBLISHED} Vérifiez l’export, puis relancez la mise à jour.",
    )
    PATIENTS_CHANGED = _Refusal(
        "patients-changed",
        HTTPStatus.CONFLICT,
        "L’export du cabinet donne à beaucoup de patients un autre nom, d’autres dates ou un autre contact.",
        f"{_NOTHING_PUBLISHED} Vérifiez l’export, puis relancez la mise à jour.",
    )
    TABLE_GREW = _Refusal(
        "table-grew",
        HTTPStatus.CONFLICT,
        "L’export du cabinet contient beaucoup plus de lignes que le précédent.",
        f"{_NOTHING_PUBLISHED} Vérifiez l’export, puis relancez la mise à jour.",
    )
    PATIENTS_REPLACED = _Refusal(
        "patients-replaced",
        HTTPStatus.CONFLICT,
        "L’export du cabinet ne contient plus les mêmes patients.",
        f"{_NOTHING_PUBLISHED} Vérifiez l’export, puis relancez la mise à jour.",
    )
    NO_BIRTH_DATES = _Refusal(
        "no-birth-dates",
        HTTPStatus.CONFLICT,
        "Aucun patient de l’export n’a de date de naissance, et la première visite du portail la demande.",
        f"{_NOTHING_PUBLISHED} Indiquez la colonne de la date de naissance dans le mapping, ou choisissez pour la "
        "première visite le code personnel ou un modèle à partir du numéro.",
    )
    BAD_IMAGE = _Refusal(
        "bad-image",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Cette image ne peut pas être affichée sur le portail.",
        "Choisissez une image JPEG ou PNG de moins de 5 Mo et de moins de 25 millions de pixels.",
    )
    BAD_SETTINGS = _Refusal(
        "bad-settings",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Ces réglages ne peuvent pas être publiés.",
        "Rien n’a été modifié.",
    )
    VERSION_CONFLICT = _Refusal(
        "version-conflict",
        HTTPStatus.CONFLICT,
        "Un autre poste a publié des réglages entre-temps.",
        "Rien n’a été modifié. Reprenez la version publiée, refaites vos changements, puis publiez.",
    )
    DOCUMENT_CONFLICT = _Refusal(
        "document-conflict",
        HTTPStatus.CONFLICT,
        "Un autre poste du cabinet a enregistré ces réglages entre-temps.",
        "Rien n’a été modifié sur le portail. Choisissez lesquels garder.",
    )
    ERASED = _Refusal(
        "erased",
        HTTPStatus.CONFLICT,
        "Ce dossier a été effacé à la demande du patient.",
        "Il ne revient pas sur le portail. Le logiciel du cabinet, lui, le garde.",
    )
    NO_ADDRESS = _Refusal(
        "no-address",
        HTTPStatus.CONFLICT,
        "Ce patient n’a pas laissé d’adresse e-mail utilisable.",
        "Rien n’a été envoyé. Répondez-lui par téléphone, puis notez ici ce qui a été dit.",
    )
    OWN_DEVICE = _Refusal(
        "own-device",
        HTTPStatus.CONFLICT,
        "Un poste ne peut pas se retirer lui-même.",
        "Retirez-le depuis un autre poste de praticien.",
    )
    NO_AGENT = _Refusal(
        "no-agent",
        HTTPStatus.CONFLICT,
        "Aucun poste du cabinet ne synchronise de lui-même.",
        "Sur le poste qui lit l’export du cabinet, planifiez la synchronisation du soir "
        "(«\u00a0webortho sync schedule install\u00a0»)\u00a0: il répondra aussi aux autres postes.",
    )
    SERVER_ERROR = _Refusal(
        "server-error",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Une erreur est survenue sur le portail.",
        "Rien n’a été modifié. Réessayez dans quelques minutes\u00a0; si cela continue, prévenez votre hébergeur.",
    )


class Problem(Exception):
    """Raised anywhere below an endpoint; the transaction it breaks out of is rolled back."""

    def __init__(self, kind: Kind, detail: str = "", *, retry_after: int = 0) -> None:
        """`retry_after`: seconds that the program should wait; 0 where it does not matter."""
        super().__init__(kind.value.name)
        self.kind = kind
        self.detail = detail or kind.value.detail
        self.retry_after = retry_after

    def document(self) -> ProblemDocument:
        refusal = self.kind.value
        return ProblemDocument(TYPE_PREFIX + refusal.name, refusal.title, int(refusal.status), self.detail)


def problem_response(problem: Problem) -> HttpResponse:
    status = problem.kind.value.status
    response = HttpResponse(msgspec.json.encode(problem.document()), content_type=CONTENT_TYPE, status=status)
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="webortho"'
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response
