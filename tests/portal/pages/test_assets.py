"""Style sheet, fonts, icons: named by their content, all there, all used, and small."""

import re
import zlib
from importlib.resources import files

import pytest

from portal.pages import addresses
from portal.pages.assets import STATIC_FILES, asset, data_address
from portal.pages.language import language
from portal.pages.views.frame import patient_frame
from tests.portal.pages.rich import CONTEXT, DOSSIER, SETTINGS, every_page

MAX_PAGE_BYTES = 40_000
"""A page in all without its fonts (PERFORMANCE.md), as it travels: compressed."""


def _style_sheet() -> str:
    return next(file.content.decode() for name, file in STATIC_FILES.items() if name.endswith(".css"))


def test_an_asset_is_addressed_by_its_content() -> None:
    address = asset("portal.css")
    assert re.fullmatch(r"/static/portal\.[0-9a-f]{12}\.css", address)
    assert STATIC_FILES[address.removeprefix(addresses.STATIC)].content_type == "text/css; charset=utf-8"


def test_an_unknown_asset_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        asset("portal.js")


def test_the_style_sheet_refers_to_files_that_are_served() -> None:
    referred = re.findall(r'url\("([^"]+)"\)', _style_sheet())
    assert len(referred) == 4
    assert set(referred) <= set(STATIC_FILES)


def test_a_page_refers_to_files_that_are_served() -> None:
    for name, page in every_page().items():
        addresses_in_page = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert addresses_in_page, name
        assert {address.removeprefix(addresses.STATIC) for address in addresses_in_page} <= set(STATIC_FILES), name


def test_the_style_sheet_is_served_without_comments_or_indentation() -> None:
    sheet = _style_sheet()
    assert "/*" not in sheet
    assert not re.search(r"^\s", sheet, re.MULTILINE)


def test_the_preview_gets_a_style_sheet_that_stands_alone() -> None:
    address = data_address("portal.css")
    assert address.startswith("data:text/css;charset=utf-8;base64,")
    assert len(address) > sum(len(file.content) for name, file in STATIC_FILES.items() if name.endswith(".woff2"))


def test_pages_hold_neither_scripts_nor_inline_styles() -> None:
    for name, page in every_page().items():
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page), name


def test_each_icon_of_the_folder_is_used_by_a_template() -> None:
    used = set()
    for template in files("templates").joinpath("portal").iterdir():
        used |= set(re.findall(r'"([a-z-]+)"\|(?:icon|path)', template.read_text("utf-8")))
    menu = patient_frame(DOSSIER.patient, SETTINGS, CONTEXT, language("fr")).menu
    used |= {item.icon for item in menu} | {f"{item.icon}-fill" for item in menu}
    there = {file.name for file in files("resources").joinpath("icons").iterdir() if file.name.endswith(".svg")}
    assert there == {f"{name}.svg" for name in used}


def test_every_page_is_small() -> None:
    shared = sum(_packed(file.content) for name, file in STATIC_FILES.items() if not name.endswith(".woff2"))
    for name, page in every_page().items():
        assert _packed(page.encode()) + shared <= MAX_PAGE_BYTES, name


def test_the_fonts_of_a_page_are_small() -> None:
    assert sum(len(file.content) for name, file in STATIC_FILES.items() if name.endswith(".woff2")) <= 52_000


def _packed(content: bytes) -> int:
    return len(zlib.compress(content))
