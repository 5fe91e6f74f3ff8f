"""The Contact page and its form."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.pages import addresses, render
from portal.pages.context import FormState
from portal.pages.elements import is_visible
from portal.server import throttle
from portal.server.access import Reader, Shown
from portal.server.accounts import sessions
from portal.server.accounts.attempts import begin, refused
from portal.server.accounts.changes import email_of
from portal.server.accounts.guards import for_readers, to_sign_in
from portal.server.accounts.models import Access, Session
from portal.server.accounts.request import PortalRequest
from portal.server.cabinets.settings_store import current_settings
from portal.server.contact import drafts
from portal.server.contact.messages import MAX_SUBJECT, Written, problem_with, send
from portal.server.patients.frame import form_again, page_context, redirect, typed
from portal.server.patients.opening import opened


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: PortalRequest) -> HttpResponse:
    """The page and its form. What was being written when the session ended is kept until the next sign-in."""
    if request.method == "POST" and request.expired is not None and request.expired.access is not None:
        return _kept(request, request.expired, request.expired.access)
    return _contact(request)


def _kept(request: PortalRequest, session: Session, access: Access) -> HttpResponse:
    """Only the session's own form, once: whoever finds its cookie later must not write in its owner's name."""
    written = typed(request, "subject", "message", "written_in")
    is_own = sessions.is_own_form(request, session, written.pop("written_in"), timezone.now())
    if is_own:
        drafts.keep(access, drafts.Draft(**written))
    sessions.end(session.cabinet, session.pk)
    return to_sign_in(request, "" if is_own else "message-perdu")


@for_readers
@opened("contact")
def _contact(request: PortalRequest, reader: Reader, shown: Shown) -> HttpResponse:
    chosen = current_settings(reader.cabinet)
    access = Access.objects.of(reader.cabinet).select_related("cabinet").get(pk=reader.access_id)
    reply_to = email_of(access)

    def page(form: FormState) -> HttpResponse:
        context = page_context(request, reader.cabinet, shown=shown)
        form = replace(form, values={**form.values, "written_in": sessions.form_proof(request)})
        return HttpResponse(render.contact_page(shown.dossier, chosen, context, form, reply_to))

    if request.method != "POST":
        draft = drafts.of(access)
        return page(FormState(values={"subject": draft.subject, "message": draft.message}))
    if not is_visible("contact.form", chosen.hidden):
        raise Http404
    values = typed(request, "subject", "message")
    written = Written(" ".join(values["subject"].split())[:MAX_SUBJECT], values["message"], reply_to)
    problem = problem_with(written)
    if problem:
        return page(form_again(values, problem, "message"))
    attempt = begin(request, throttle.Form.MESSAGE, reader.cabinet, reader.cabinet.code, reader.number)
    if isinstance(attempt, throttle.TooMany):
        return refused(page(form_again(values, attempt.sentence)), attempt)
    drafts.forget(access)
    send(reader, shown.dossier.patient, written, chosen)
    return redirect(addresses.CONTACT, "message" if reply_to else "message-sans-adresse")
