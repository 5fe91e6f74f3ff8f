"""The page of appointments, as one writes it with Django: a row, a context, a template."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from tests.benchmarks.stock_django.models import Dossier


@login_required
def appointments(request: HttpRequest) -> HttpResponse:
    document = get_object_or_404(Dossier, user=request.user).document
    now = timezone.localtime().replace(tzinfo=None)
    every = [_appointment(each, document) for each in document["dossier"]["appointments"]]
    coming = [each for each in every if each["start"] >= now and each["status"] == "planned"]
    past = [each for each in reversed(every) if each["start"] < now]
    context = {
        "patient": _with_dates(document["dossier"]["patient"]),
        "next": coming[0] if coming else None,
        "upcoming": coming,
        "history": past,
        "missed": sum(each["status"] == "missed" for each in every),
        "as_of": dt.datetime.fromisoformat(document["as_of"]),
        **document["cabinet"],
    }
    return render(request, "stock/appointments.html", context)


def _appointment(each: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    kind = each.get("kind", "")
    return {
        "start": dt.datetime.fromisoformat(each["start"]),
        "kind": document["cabinet"]["kind_names"].get(kind, kind),
        "minutes": each.get("duration_minutes"),
        "practitioner": document["cabinet"]["practitioner_names"].get(
            each.get("practitioner", ""), each.get("practitioner", "")
        ),
        "status": each.get("status", "planned"),
    }


def _with_dates(patient: dict[str, Any]) -> dict[str, Any]:
    dates = {
        name: dt.date.fromisoformat(patient[name]) for name in ("birth_date", "treatment_start") if name in patient
    }
    return {**patient, **dates}
