"""Two languages: every French text of the pages has its English one, and the right one is chosen."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from lxml import html as lxml_html

import portal.pages
from portal.pages.language import choose_language, language, languages
from portal.server.contact.messages import TOO_LONG
from tests.portal.pages.rich import CONTEXT, every_page

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS = {"trim_blocks": "true"}

Msgid = str | tuple[str, ...]


def _texts() -> Iterator[tuple[str, Msgid]]:
    """(file, French text) of everything that templates and modules translate."""
    for template in files("templates").joinpath("portal").iterdir():
        if template.name.endswith(".html"):
            for _, text, _, _ in extract("jinja2", BytesIO(template.read_bytes()), keywords=KEYWORDS, options=OPTIONS):
                yield template.name, text
    for folder in (files(portal.pages), files(portal.pages).joinpath("views")):
        for module in folder.iterdir():
            if module.name.endswith(".py"):
                for _, text, _, _ in extract("python", BytesIO(module.read_bytes()), keywords=KEYWORDS):
                    yield module.name, text


def _catalogue() -> Catalog:
    return read_po(BytesIO(files("resources").joinpath("locale/en/LC_MESSAGES/portal.po").read_bytes()), locale="en")


def test_every_text_of_the_pages_has_its_english() -> None:
    catalogue = _catalogue()
    texts = set(_texts())
    assert len(texts) > 100
    missing = [
        (file, text)
        for file, text in texts
        if (found := catalogue.get(text)) is None or not all([*found.string] if found.pluralizable else [found.string])
    ]
    assert missing == []


SPEAKING = (
    "accounts/emails.py",
    "accounts/first_visit_views.py",
    "accounts/own_views.py",
    "accounts/passwords.py",
    "accounts/views.py",
    "contact/messages.py",
    "errors.py",
    "patients/frame.py",
    "patients/opening.py",
    "throttle.py",
)
"""Modules of the server whose sentences reach a patient's page."""

TO_THE_CABINET = {"Ce patient n’a pas donné d’adresse e-mail : répondez-lui par téléphone ou au prochain rendez-vous."}


def _sentences(module: str) -> set[str]:
    """The whole sentences among a module's strings, with ordinary spaces; docstrings and pieces are none."""
    tree = ast.parse(files("portal.server").joinpath(module).read_text("utf-8"))
    aside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    aside |= {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values}
    return {
        node.value.replace("\u00a0", " ")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside
        if re.fullmatch(r"[A-ZÀ-Ý][^\n]* [^\n]*[.?!]|[^\n]*Exemple : \S+", node.value.replace("\u00a0", " "))
    }


@pytest.mark.parametrize("module", SPEAKING)
def test_every_sentence_that_the_server_gives_to_a_page_has_its_english(module: str) -> None:
    catalogue = _catalogue()
    assert [each for each in _sentences(module) - TO_THE_CABINET if each not in catalogue] == []


def test_no_english_text_has_lost_its_french_one() -> None:
    texts = {text for _, text in _texts()} | {TOO_LONG}
    constants = {
        node.value.replace("\u00a0", " ")
        for module in SPEAKING
        for node in ast.walk(ast.parse(files("portal.server").joinpath(module).read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [each.id for each in _catalogue() if each.id and each.id not in texts | constants] == []


def test_english_texts_hold_the_same_values_as_the_french_ones() -> None:
    for each in _catalogue():
        if not each.id:
            continue
        french, english = (each.id[1], each.string[1]) if each.pluralizable else (each.id, each.string)
        assert sorted(_values(french)) == sorted(_values(english)), french


def _values(text: str) -> list[str]:
    named = [name for _, name, _, _ in Formatter().parse(text) if name]
    return named + [part.split(")")[0] for part in text.split("%(")[1:]]


def test_an_english_page_says_so_and_holds_no_french_text() -> None:
    french_only = {text for _, text in _texts() if isinstance(text, str) and len(text) > 12 and "%" not in text}
    catalogue = _catalogue()
    french_only = {text for text in french_only if catalogue[text].string != text}
    for name, page in every_page(context=replace(CONTEXT, language="en")).items():
        document = lxml_html.fromstring(page)
        assert document.get("lang") == "en"
        content = document.text_content()
        assert [text for text in french_only if text in content] == [], name


def test_the_language_switch_offers_the_other_language_in_its_own_name_and_comes_back_here() -> None:
    page = every_page(context=replace(CONTEXT, address="/rendez-vous"))["appointments"]
    form = lxml_html.fromstring(page).xpath("//form[@data-element='footer.language']")[0]
    assert form.get("action") == "/langue"
    assert form.xpath("input[@name='next']/@value") == ["/rendez-vous"]
    button = form.xpath("button")[0]
    assert (button.get("name"), button.get("value"), button.get("lang")) == ("language", "en", "en")
    assert button.text_content() == "English"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("de,en;q=0.5", "en"),
        ("fr;q=0.2, en;q=0.7", "en"),
        ("en;q=0, fr", "fr"),
        ("en;q=0", "fr"),
        ("de-CH, it", "fr"),
        ("*", "fr"),
        ("en;q=beaucoup", "fr"),
        (";;,,q=", "fr"),
    ],
)
def test_the_browsers_preference_chooses_the_language(header: str, code: str) -> None:
    assert choose_language(header) == code


def test_a_language_that_is_none_of_ours_is_french() -> None:
    assert language("tlh") is language("fr") is languages()["fr"]


def test_a_sentence_of_the_server_is_translated_whatever_its_spaces() -> None:
    english = language("en")
    assert english.translate("Vous êtes déconnecté.") == "You are signed out."
    for space in (" ", "\u00a0"):
        french = f"Rien reçu dans dix minutes{space}? Regardez dans les courriers indésirables."
        assert english.translate(french) == "Nothing after ten minutes? Look in your junk mail."


def test_a_sentence_that_is_not_in_the_catalogue_stays_as_it_is() -> None:
    sentence = "Le cabinet ferme\u00a0: bonnes vacances\u00a0!"
    assert language("en").translate(sentence) == sentence
    assert language("fr").translate(sentence) == sentence
    assert language("en").translate("") == ""
