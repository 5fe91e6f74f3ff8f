"""What a page needs besides the dossier and the settings: given by the server, or made up by the preview."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.pages.assets import asset


@dataclass(frozen=True)
class PageContext:
    cabinet_code: str
    cabinet_name: str
    now: dt.datetime
    """Naive local time of the cabinet: what is past and what is next."""
    as_of: dt.datetime | None = None
    """When the data were last current, naive local time of the cabinet."""
    csrf_token: str = ""
    address: str = ""
    """Address of this page in the patient's browser, for the language switch to come back to."""
    language: str = "fr"
    asset: Callable[[str], str] = asset
    """File name of an asset -> its address: on a portal, or as `data_address` in a preview."""
    photo_address: str = ""
    logo_address: str = ""
    access_image_address: str = ""
    notice: str = ""
    """A French sentence that reports what was just done, shown once at the top (`role="status"`)."""


@dataclass(frozen=True)
class FormState:
    """A form as it is shown again: what was typed (never a password), and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    """Sentence of the box at the top (`role="alert"`); its title is the first sentence."""
    fields_in_error: frozenset[str] = frozenset()
