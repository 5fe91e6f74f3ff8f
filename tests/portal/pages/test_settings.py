"""The settings document: cleaned at write and at read, checked in French sentences, encoded and decoded."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from portal.pages import render
from portal.pages.rich_text import COLOURS, clean_html, find_phone, phone_address, plain_lines, zone_markup
from portal.pages.settings import (
    MAX_ENTRIES,
    FirstAccess,
    FirstAccessPolicy,
    PortalSettings,
    ProtectionLevel,
    SettingsFormatError,
    TextZones,
    check,
    clean,
    decode,
    demo_settings,
    encode,
)
from tests.portal.pages.rich import CONTEXT, DOSSIER, SETTINGS

GOOD = PortalSettings(contact_email="cabinet@exemple.fr")
ALLOWED_TAGS = {"a", "b", "br", "em", "i", "li", "ol", "p", "span", "strong", "ul"}


def _with(**changes: object) -> PortalSettings:
    return msgspec.structs.replace(GOOD, **changes)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<b>a</b> <i>b</i><br>c", "<b>a</b> <i>b</i><br>c"),
        ("<strong>a</strong><em>b</em>", "<strong>a</strong><em>b</em>"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ('<span class="couleur-vert">a</span>', '<span class="couleur-vert">a</span>'),
        ('<span class="couleur-vert next" style="color:red">a</span>', '<span class="couleur-vert">a</span>'),
        ('<a href="https://exemple.fr">a</a>', '<a href="https://exemple.fr" rel="noopener">a</a>'),
        ('<a href="tel:+33353012121">a</a>', '<a href="tel:+33353012121" rel="noopener">a</a>'),
        ('<a href="mailto:a@exemple.fr" target="_blank">a</a>', '<a href="mailto:a@exemple.fr" rel="noopener">a</a>'),
        ('<a href="http://exemple.fr">a</a>', '<a rel="noopener">a</a>'),
        ('<a href="/deconnexion">a</a>', '<a rel="noopener">a</a>'),
        ('<a href="javascript:alert(1)">a</a>', '<a rel="noopener">a</a>'),
        ("<script>alert(1)</script>a", "a"),
        ("<style>*{display:none}</style>a", "a"),
        ('<img src=x onerror="alert(1)">a', "a"),
        ("<h1 onclick=x>a</h1>", "a"),
        ("<form action=https://x><input>a</form>", "a"),
        ('<b data-element="footer" id="contenu">a</b>', "<b>a</b>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<b>sans fin", "<b>sans fin</b>"),
        ("<!-- rien -->a", "a"),
    ],
)
def test_a_zone_keeps_the_allowed_marks_and_nothing_else(typed: str, kept: str) -> None:
    assert clean_html(typed) == kept


FRAGMENTS = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<script>",
        "</script>",
        "<svg onload=alert(1)>",
        "<math><mtext>",
        "<style>",
        "</style>",
        "<a href='javascript:alert(1)'>",
        "<a href='",
        "<!--",
        "-->",
        "<p style=x>",
        "&lt;img&gt;",
        "<span class='couleur-vert next'>",
        "'>",
        "\0",
    ]
)


@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=12).map("".join))
def test_whatever_is_typed_a_zone_only_holds_allowed_marks_and_cleaning_is_stable(typed: str) -> None:
    cleaned = clean_html(typed)
    assert clean_html(cleaned) == cleaned
    if not cleaned:
        return
    for element in lxml_html.fragment_fromstring(cleaned, create_parent="div").iterdescendants():
        assert element.tag in ALLOWED_TAGS
        assert set(element.attrib) <= {"href", "rel", "class"}
        assert set(element.get("class", "").split()) <= set(COLOURS)
        assert element.get("href", "https:").startswith(("https:", "mailto:", "tel:"))


def test_a_hostile_zone_is_harmless_even_when_a_document_was_never_cleaned() -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>Bonjour"
    zones = TextZones(**dict.fromkeys(TextZones.__struct_fields__, hostile))
    settings = msgspec.structs.replace(SETTINGS, zones=zones)
    for page in (
        render.appointments_page(DOSSIER, settings, CONTEXT),
        render.contact_page(DOSSIER, settings, CONTEXT, render.NO_FORM, ""),
        render.sign_in_page(settings, CONTEXT, render.NO_FORM),
    ):
        assert "alert(1)" not in page
        assert "onerror" not in page


def test_each_colour_of_the_palette_has_its_rule_in_the_style_sheet() -> None:
    from portal.pages.assets import STATIC_FILES  # noqa: PLC0415 - only this test reads the files

    sheet = next(file.content.decode() for name, file in STATIC_FILES.items() if name.endswith(".css"))
    assert set(re.findall(r"\.(couleur-\w+)", sheet)) == set(COLOURS)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("12 rue de l’Exemple<br>21000 DIJON", ("12 rue de l’Exemple", "21000 DIJON")),
        ("<p>a &amp; b</p><p> </p><ul><li>c</li></ul>", ("a & b", "c")),
        ("", ()),
    ],
)
def test_a_zone_in_plain_lines(html: str, lines: tuple[str, ...]) -> None:
    assert plain_lines(html) == lines


@pytest.mark.parametrize(
    ("html", "phone", "address"),
    [
        ("03 53 01 21 21", "03 53 01 21 21", "tel:+33353012121"),
        ("<b>Tél.</b> 03.53.01.21.21 ou 06 00 00 00 00", "03.53.01.21.21", "tel:+33353012121"),
        ("+33 3 53 01 21 21", "+33 3 53 01 21 21", "tel:+33353012121"),
        ("0353012121", "0353012121", "tel:+33353012121"),
        ("SIRET 12003530121210", "", ""),
        ("Appelez-nous", "", ""),
        ("", "", ""),
    ],
)
def test_the_first_telephone_number_of_a_zone_is_found(html: str, phone: str, address: str) -> None:
    assert find_phone(html) == phone
    assert phone_address(phone) == address


def test_a_telephone_number_becomes_a_link_unless_the_cabinet_made_one() -> None:
    assert zone_markup("03 53 01 21 21", link_phone=True) == '<a href="tel:+33353012121">03 53 01 21 21</a>'
    own = '<a href="tel:+33353012121" rel="noopener">Appeler</a> 03 53 01 21 21'
    assert zone_markup(own, link_phone=True) == own
    assert zone_markup("03 53 01 21 21") == "03 53 01 21 21"


def test_cleaning_a_document_sanitises_each_zone_and_drops_an_address_that_is_not_https() -> None:
    dirty = PortalSettings(
        zones=TextZones(**dict.fromkeys(TextZones.__struct_fields__, "<u>a</u>")), route_url="http://exemple.fr"
    )
    cleaned = clean(dirty)
    assert set(msgspec.structs.asdict(cleaned.zones).values()) == {"a"}
    assert cleaned.route_url == ""
    assert clean(cleaned) == cleaned


def test_a_document_survives_encoding_and_comes_back_clean() -> None:
    assert decode(encode(SETTINGS)) == clean(SETTINGS)
    assert b"<script>" not in encode(_with(zones=TextZones(title="<script>a</script>b")))


def test_a_document_that_was_tampered_with_is_cleaned_when_it_is_read() -> None:
    assert decode(b'{"version":1,"zones":{"title":"<script>a</script>b"}}').zones.title == "b"


@pytest.mark.parametrize("encoded", [b"", b"[]", b'{"version":2}', b'{"version":1,"inconnu":1}', b"\xff", b"[" * 5000])
def test_bytes_that_are_no_settings_document_are_refused(encoded: bytes) -> None:
    with pytest.raises(
        SettingsFormatError, match=r"version plus récente de WebOrtho\. Mettez WebOrtho à jour sur ce poste\.$"
    ):
        decode(encoded)


def test_a_document_of_which_nothing_is_wrong_may_be_published() -> None:
    assert check(GOOD) == ()
    assert check(demo_settings()) == ()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            PortalSettings(),
            "L’adresse e-mail de contact manque\u00a0: indiquez où les messages des patients doivent arriver.",
        ),
        (
            _with(contact_email="cabinet@"),
            "L’adresse e-mail de contact «\u00a0cabinet@\u00a0» est incomplète. Exemple\u00a0: cabinet@exemple.fr",
        ),
        (
            _with(hidden=("contac",)),
            "Aucun élément ne s’appelle «\u00a0contac\u00a0»\u00a0: vouliez-vous dire «\u00a0contact\u00a0»\u00a0?",
        ),
        (
            _with(hidden=("zzz",)),
            "Aucun élément ne s’appelle «\u00a0zzz\u00a0»\u00a0: retirez-le de la liste.",
        ),
        (
            _with(hidden=("header.sign_out",)),
            (
                "L’élément «\u00a0Se déconnecter\u00a0» (header.sign_out) ne peut pas être masqué\u00a0: "
                "retirez-le de la liste."
            ),
        ),
        (
            _with(route_url="http://carte.exemple.fr"),
            (
                "L’adresse de l’itinéraire «\u00a0http://carte.exemple.fr\u00a0» ne commence pas par https://."
                " Copiez-la depuis votre navigateur."
            ),
        ),
        (
            _with(route_url="https://[::1"),
            (
                "L’adresse de l’itinéraire «\u00a0https://[::1\u00a0» ne commence pas par https://."
                " Copiez-la depuis votre navigateur."
            ),
        ),
        (
            _with(first_access=FirstAccess(FirstAccessPolicy.PATTERN, pattern="apo")),
            (
                "Le modèle de premier accès «\u00a0apo\u00a0» doit contenir @ORDRE une fois\u00a0: c’est le numéro du"
                " patient. Exemple\u00a0: @ORDREapo"
            ),
        ),
        (
            _with(first_access=FirstAccess(FirstAccessPolicy.PATTERN, pattern="@ORDREa")),
            (
                "Le modèle de premier accès «\u00a0@ORDREa\u00a0» est trop court\u00a0: ajoutez au moins 3 lettres ou"
                " chiffres à @ORDRE."
            ),
        ),
        (
            _with(first_access=FirstAccess(FirstAccessPolicy.PATTERN, pattern="été @ORDRE")),
            (
                "Le modèle de premier accès «\u00a0été @ORDRE\u00a0» ne peut contenir, à part @ORDRE, que des lettres"
                " sans accent et des chiffres."
            ),
        ),
        (
            _with(kind_names={"RVC": " "}),
            "Le code de nature «\u00a0RVC\u00a0» n’a pas de nom\u00a0: écrivez-en un ou retirez la ligne.",
        ),
        (
            _with(practitioner_names={"CC": ""}),
            "Le code de praticien «\u00a0CC\u00a0» n’a pas de nom\u00a0: écrivez-en un ou retirez la ligne.",
        ),
    ],
)
def test_what_keeps_a_document_from_being_published_is_said_in_a_sentence(
    settings: PortalSettings, sentence: str
) -> None:
    assert check(settings) == (sentence,)


def test_a_pattern_counts_only_where_it_is_the_policy() -> None:
    assert check(_with(first_access=FirstAccess(FirstAccessPolicy.BIRTH_DATE, pattern="x"))) == ()


def test_the_demo_cabinet_follows_the_procedure() -> None:
    demo = demo_settings()
    assert demo.first_access == FirstAccess(FirstAccessPolicy.BIRTH_DATE, ProtectionLevel.PROCEDURE)
    assert plain_lines(demo.zones.address) == ("12 rue de l’Exemple", "21000 DIJON")
    assert find_phone(demo.zones.phone) == "03 53 01 21 21"
    assert all(msgspec.structs.asdict(demo.zones).values())


@pytest.mark.parametrize(
    "part",
    [
        {"hidden": ["contact"] * (MAX_ENTRIES + 1)},
        {"kind_names": {str(n): "Contrôle" for n in range(MAX_ENTRIES + 1)}},
        {"practitioner_names": {str(n): "Dr" for n in range(MAX_ENTRIES + 1)}},
    ],
)
def test_a_list_that_no_cabinet_has_is_no_document(part: dict[str, object]) -> None:
    with pytest.raises(SettingsFormatError):
        decode(msgspec.json.encode({"version": 1, **part}))


def test_a_contact_address_is_kept_as_mail_servers_write_it() -> None:
    accented = _with(contact_email="cabinet@Éxemple.fr")
    assert check(accented) == ()
    assert decode(encode(accented)).contact_email == "cabinet@xn--xemple-9ua.fr"
