"""The addresses of `portal.pages.addresses` as Django's routes."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path


def page(address: str, view: Callable[..., HttpResponseBase], **defaults: Any) -> URLPattern:
    """Route an address (`/c/{code}`) to a view that takes its parts by name. No digest, no route."""
    route = address.removeprefix("/").replace("{digest}", "<digest:digest>")
    return path(re.sub(r"\{(\w+)\}", r"<str:\1>", route), view, defaults)
