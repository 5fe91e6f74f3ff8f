"""The templates, compiled once for each language: texts and icons are written into the compiled code.

Autoescape is always on; what reaches a page unescaped is `Markup` made by `rich_text`, `icons` or `wire` alone.
"""

import re
from functools import cache
from gettext import NullTranslations
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from portal.pages import addresses
from portal.pages.language import language, languages
from portal.pages.rows import table_drawer
from portal.pages.wire import sign_in_wire, wire

_INCLUDE = re.compile(r'\{% include "([a-z_]+\.html)" %\}\n')
_PLAIN_TEXT = re.compile(r'\b_\("([^"\\]+)"\)')


@cache
def template(name: str, language_code: str) -> Template:
    """The compiled template `templates/portal/NAME` in that language."""
    return _environment(language_code).get_template(name)


@cache
def icon(name: str) -> Markup:
    """A Phosphor icon as inline SVG, drawn in the colour of the text around it and silent to screen readers."""
    return Markup(  # noqa: S704  # our own file
        f'<svg class="icon" viewBox="0 0 256 256" aria-hidden="true" focusable="false">{icon_path(name)}</svg>'
    )


@cache
def icon_path(name: str) -> Markup:
    """The drawing alone, for an icon that a page shows many times and defines once."""
    drawing = files("resources").joinpath("icons", f"{name}.svg").read_text("utf-8")
    return Markup(drawing.partition(">")[2].rpartition("</svg>")[0])  # noqa: S704  # our own file


@cache
def _environment(language_code: str) -> Environment:
    texts = language(language_code).texts
    environment = Environment(
        loader=FunctionLoader(lambda name: _write_in_texts(_source(name), texts)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(icon=icon, path=icon_path)
    environment.globals.update(
        at=addresses,
        others=tuple(each for each in languages().values() if each.code != language_code),
        wire=wire,
        sign_in_wire=sign_in_wire(),
        table=table_drawer(environment.get_template("table.html")),
    )
    return environment


def _source(name: str) -> str:
    """A template with its included parts written in: an `include` costs a look-up and a context on every page."""
    text = files("templates").joinpath("portal", name).read_text("utf-8")
    return _INCLUDE.sub(lambda found: _source(found[1]), text)


def _write_in_texts(source: str, texts: NullTranslations) -> str:
    """The template with each `_("text")` written in the language, so that a page looks up only texts with values."""

    def translated(found: re.Match[str]) -> str:
        return '"' + texts.gettext(found[1]).replace('"', '\\"') + '"'

    return _PLAIN_TEXT.sub(translated, source)
