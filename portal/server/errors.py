"""What is answered when a request leads nowhere: a page in French for a person, a problem document for a program."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.api.shapes import API_ROOT
from portal.pages import addresses, render
from portal.pages.context import PageContext
from portal.server.api import versions
from portal.server.api.problems import Kind, Problem, problem_response

_BACK = ("Revenir à l’accueil", addresses.SIGN_IN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    if _is_api(request):
        return problem_response(versions.not_there(request))
    return _message(
        HTTPStatus.NOT_FOUND,
        "Page introuvable",
        ("Cette page n’existe pas ou n’est plus affichée.", "Vérifiez l’adresse, ou revenez à l’accueil du portail."),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    if _is_api(request):
        return problem_response(Problem(Kind.BAD_BODY))
    return _message(
        HTTPStatus.BAD_REQUEST,
        "Demande incomprise",
        ("Le portail n’a pas compris cette demande. Rien n’a été modifié.", "Revenez à l’accueil, puis recommencez."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return problem_response(Problem(Kind.SERVER_ERROR))
    return _message(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Le portail ne répond pas",
        (
            "Une erreur est survenue sur le portail. Rien n’a été modifié.",
            "Réessayez dans quelques minutes\u00a0; si cela continue, appelez le cabinet.",
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _message(
        HTTPStatus.FORBIDDEN,
        "Ce formulaire n’est plus valable",
        (
            "La page est restée ouverte trop longtemps, ou votre navigateur refuse les cookies. Rien n’a été modifié.",
            "Autorisez les cookies pour ce site, rouvrez la page, puis recommencez.",
        ),
    )


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_ROOT + "/")


def _message(status: HTTPStatus, title: str, sentences: tuple[str, ...]) -> HttpResponse:
    """No cabinet's brand: who asked is not known here, and saying less is right."""
    context = PageContext(cabinet_code="", cabinet_name="", now=timezone.now().replace(tzinfo=None))
    return HttpResponse(
        render.message_page(None, context, title=title, sentences=sentences, action=_BACK), status=status
    )
