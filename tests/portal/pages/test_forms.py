"""Forms and the frame: names of fields, what is kept, what is announced, and that nothing typed can run."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from lxml import html as lxml_html

from cabinet.dossier import Dossier, Patient
from portal.pages import render
from portal.pages.context import FormState
from portal.pages.settings import FirstAccess, FirstAccessPolicy, PortalSettings, ProtectionLevel
from tests.portal.pages.rich import CONTEXT, DOSSIER, SETTINGS, every_page

Page = Callable[[FormState], str]

FORMS: dict[str, tuple[Page, dict[str, str]]] = {
    "sign_in": (
        lambda form: render.sign_in_page(SETTINGS, CONTEXT, form),
        {"cabinet_code": "", "patient_number": "username", "password": "current-password", "remember": ""},
    ),
    "first_visit": (
        lambda form: render.first_visit_page(SETTINGS, CONTEXT, form),
        {"cabinet_code": "", "patient_number": "username", "secret": "off"},
    ),
    "forgotten": (
        lambda form: render.forgotten_page(SETTINGS, CONTEXT, form),
        {"cabinet_code": "", "patient_number": "username"},
    ),
    "activate": (lambda form: render.activate_page(SETTINGS, CONTEXT, form), {"birth_date": "off"}),
    "confirm_link": (lambda form: render.confirm_link_page(SETTINGS, CONTEXT, form), {}),
    "welcome": (
        lambda form: render.choose_password_page(SETTINGS, CONTEXT, form, ask_email=True),
        {"new_password": "new-password", "email": "email"},
    ),
    "reset": (
        lambda form: render.choose_password_page(SETTINGS, CONTEXT, form, ask_email=False),
        {"new_password": "new-password"},
    ),
    "change_password": (
        lambda form: render.change_password_page(DOSSIER, SETTINGS, CONTEXT, form),
        {"current_password": "current-password", "new_password": "new-password"},
    ),
    "change_email": (
        lambda form: render.change_email_page(DOSSIER, SETTINGS, CONTEXT, form),
        {"email": "email", "current_password": "current-password"},
    ),
    "contact": (
        lambda form: render.contact_page(DOSSIER, SETTINGS, CONTEXT, form, "a@exemple.fr"),
        {"subject": "", "message": ""},
    ),
}
HOSTILE = "\"><script>alert(1)</script>'{{7*7}}"


def _form(page: str) -> lxml_html.HtmlElement:
    return lxml_html.fromstring(page).xpath("//main//form")[0]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_posts_its_named_fields_to_the_address_it_was_read_at(name: str) -> None:
    make, fields = FORMS[name]
    form = _form(make(FormState()))
    assert (form.get("method"), form.get("action")) == ("post", None)
    assert form.xpath(".//input[@type='hidden']/@value") == ["jeton-csrf"]
    controls = form.xpath(".//input[not(@type='hidden')] | .//textarea")
    assert {control.get("name"): control.get("autocomplete", "") for control in controls} == fields


@pytest.mark.parametrize("name", FORMS)
def test_every_field_has_a_label_above_it_and_no_placeholder(name: str) -> None:
    form = _form(FORMS[name][0](FormState()))
    for control in form.xpath(".//input[not(@type='hidden')] | .//textarea"):
        assert len(form.xpath(f".//label[@for='{control.get('id')}']")) == 1
        assert control.get("placeholder") is None
        described = control.get("aria-describedby")
        assert described is None or form.xpath(f".//*[@id='{described}']")


@pytest.mark.parametrize("name", FORMS)
def test_what_was_typed_is_kept_but_never_a_password(name: str) -> None:
    make, fields = FORMS[name]
    form = _form(make(FormState(values=dict.fromkeys(fields, "Saisie7"))))
    for control in form.xpath(".//input[not(@type='hidden')] | .//textarea"):
        kept = control.text_content().strip() if control.tag == "textarea" else control.get("value")
        assert kept == (
            None if control.get("type") == "password" else "on" if control.get("type") == "checkbox" else "Saisie7"
        )


@pytest.mark.parametrize("name", FORMS)
def test_an_error_is_announced_and_the_suspect_fields_are_marked(name: str) -> None:
    make, fields = FORMS[name]
    suspect = frozenset(list(fields)[:1]) - {"remember"}
    form = _form(make(FormState(error="Connexion impossible. Vérifiez. Réessayez.", fields_in_error=suspect)))
    box = form.xpath(".//*[@role='alert']")[0]
    assert box.xpath(".//strong")[0].text_content() == "Connexion impossible."
    assert " ".join(box.text_content().split()) == "Connexion impossible. Vérifiez. Réessayez."
    assert set(form.xpath(".//*[@aria-invalid='true']/@name")) == suspect


def test_an_error_that_asks_something_keeps_its_question_as_title() -> None:
    error = "Est-ce votre première visite\u00a0? Tapez votre code ici."
    box = _form(render.first_visit_page(SETTINGS, CONTEXT, FormState(error=error))).xpath(".//*[@role='alert']")[0]
    assert box.xpath(".//strong")[0].text_content() == "Est-ce votre première visite\u00a0?"


def test_remember_me_is_checked_again_only_when_it_was() -> None:
    def checked(values: dict[str, str]) -> bool:
        form = _form(render.sign_in_page(SETTINGS, CONTEXT, FormState(values=values)))
        return form.xpath(".//input[@name='remember']")[0].get("checked") is not None

    assert checked({"remember": "on"})
    assert not checked({"remember": ""})
    assert not checked({})


def test_signing_out_is_a_form_because_a_link_could_be_followed_by_anybody() -> None:
    form = lxml_html.fromstring(every_page()["fees"]).xpath("//form[@data-element='header.sign_out']")[0]
    assert (form.get("method"), form.get("action")) == ("post", "/deconnexion")
    assert form.xpath("input[@name='csrfmiddlewaretoken']/@value") == ["jeton-csrf"]


@pytest.mark.parametrize("name", FORMS)
def test_nothing_that_was_typed_can_run(name: str) -> None:
    make, fields = FORMS[name]
    page = make(FormState(values=dict.fromkeys(fields, HOSTILE), error=f"{HOSTILE}. {HOSTILE}"))
    assert "<script" not in page


def test_nothing_of_a_dossier_can_run() -> None:
    patient = Patient(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    appointments = tuple(
        msgspec.structs.replace(each, kind=HOSTILE, practitioner=HOSTILE) for each in DOSSIER.appointments
    )
    lines = tuple(msgspec.structs.replace(line, label=HOSTILE) for line in DOSSIER.instalments)
    dossier = Dossier(patient, appointments=appointments, instalments=lines)
    context = replace(CONTEXT, cabinet_name=HOSTILE, cabinet_code=HOSTILE, notice=HOSTILE, address=HOSTILE)
    names = msgspec.structs.replace(SETTINGS, kind_names={HOSTILE: HOSTILE}, practitioner_names={})
    for name, page in every_page(names, dossier, context).items():
        assert "<script" not in page, name
        assert "49" not in lxml_html.fromstring(page).text_content(), name


@pytest.mark.parametrize("name", every_page())
def test_every_page_has_a_language_a_title_without_a_patient_one_h1_and_a_way_to_its_content(name: str) -> None:
    document = lxml_html.fromstring(every_page()[name])
    assert document.get("lang") == "fr"
    title = document.findtext(".//title")
    assert title.endswith(" – Cabinet Quenouille")
    assert "TOURNESOL" not in title
    assert document.xpath("//meta[@name='robots']/@content") == ["noindex, nofollow"]
    assert len(document.xpath("//h1")) == 1
    first_link = document.xpath("(//a)[1]")[0]
    assert first_link.get("href") == "#contenu"
    assert [main.get("id") for main in document.xpath("//main")] == ["contenu"]
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_menu_says_where_one_is() -> None:
    for name, key in (("appointments", "appointments"), ("schedule", "accounts"), ("contact", "contact")):
        current = lxml_html.fromstring(every_page()[name]).xpath("//nav[@data-element='menu']//a[@aria-current='page']")
        assert [link.get("data-element") for link in current] == [key]


def test_a_patient_without_an_e_mail_is_told_how_the_answer_will_come_and_where_to_give_one() -> None:
    page = lxml_html.fromstring(render.contact_page(DOSSIER, SETTINGS, CONTEXT, FormState(), ""))
    told = page.xpath("//*[@data-element='contact.form.reply_to']")[0]
    assert "il vous répondra par téléphone ou à votre prochaine visite" in told.text_content()
    assert told.xpath("a/@href") == ["/dossier/e-mail"]


@pytest.mark.parametrize(
    ("policy", "level", "label", "promise"),
    [
        ("birth_date", "procedure", "Date de naissance du patient", "Vous choisirez ensuite votre mot de passe."),
        ("birth_date", "confirmed", "Date de naissance du patient", "Nous enverrons un lien"),
        ("pattern", "procedure", "Code de première visite", "Vous choisirez ensuite votre mot de passe."),
        ("personal_code", "confirmed", "Code de première visite", "Nous enverrons un lien"),
    ],
)
def test_the_first_visit_asks_for_what_the_cabinet_gave_and_says_what_follows(
    policy: str, level: str, label: str, promise: str
) -> None:
    access = FirstAccess(FirstAccessPolicy(policy), ProtectionLevel(level))
    page = render.first_visit_page(PortalSettings(first_access=access), CONTEXT, FormState())
    document = lxml_html.fromstring(page)
    assert document.xpath("//label[@for='secret']")[0].text_content() == label
    assert promise in document.xpath("//main")[0].text_content()


def test_without_a_known_cabinet_the_pages_bear_the_portals_own_name() -> None:
    nobody = replace(CONTEXT, cabinet_name="", cabinet_code="", logo_address="")
    document = lxml_html.fromstring(render.sign_in_page(None, nobody, FormState()))
    assert document.xpath("//*[@data-element='header.title']")[0].text_content() == "WebOrtho"
    assert document.xpath("//*[@data-element='sign_in.where.phone']") == []
    assert "logo." in document.xpath("//*[@data-element='header.logo']/@src")[0]


def test_the_page_says_as_of_when_the_data_are() -> None:
    def said(page: str) -> str:
        return str(lxml_html.fromstring(page).xpath("//*[@data-element='footer.as_of']")[0].text_content())

    dated = "Vos données sont transmises par votre cabinet. Mise à jour\u00a0: 03/03/2030 à 21h07."
    assert said(render.home_page(DOSSIER, SETTINGS, CONTEXT)) == dated
    undated = render.home_page(DOSSIER, SETTINGS, replace(CONTEXT, as_of=None))
    assert said(undated) == "Vos données sont transmises par votre cabinet chaque soir."


def test_a_cabinet_without_texts_shows_no_empty_information() -> None:
    page = lxml_html.fromstring(render.home_page(DOSSIER, PortalSettings(), CONTEXT))
    assert page.xpath("//*[@data-element='information']") == []
