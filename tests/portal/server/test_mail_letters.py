"""Every e-mail of the portal: the same sentences as text and as HTML, and nothing unfilled."""

from importlib.resources import files

import pytest
from jinja2 import UndefinedError

from portal.server.mail.letters import Letter, compose
from tests.portal.server.browser import text_of

LINK = "https://portail.exemple.fr/x/1.0123"
VALUES = {"patient": "Zoé", "number": "5312", "subject": "", "message": "Bonjour", "answer": "Répondez."} | {
    "date": "04/11/2026",
    "device": "le poste « Serveur »",
    "what": "L’export n’a pas été trouvé.",
    "todo": "",
    "nights": "",
    "shown": "Les patients voient les données du 3 novembre.",
    "problems": "– 12 dates de naissance illisibles",
    "count": "1 sorte",
}
TEMPLATES = sorted(
    entry.name[:-4] for entry in files("templates").joinpath("mail").iterdir() if entry.name[-4:] == ".txt"
)


def test_there_are_sixteen_letters() -> None:
    assert len(TEMPLATES) == 16


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_letter_says_the_same_as_text_and_as_html(name: str) -> None:
    letter = Letter(name, "a@exemple.fr", values=VALUES, link=LINK, link_label="Ouvrir")
    message = compose(letter, cabinet_name="Cabinet du Sourire", mail_from="WebOrtho <portail@exemple.fr>")
    text = text_of(message)
    html = message.get_body(("html",))
    assert html is not None
    for paragraph in filter(None, text.split("\n\n")):
        assert paragraph.strip() in html.get_content(), paragraph
    assert ("Ouvrir</a>" in html.get_content()) == (LINK in text)
    assert message["From"] == "Cabinet du Sourire <portail@exemple.fr>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "{" not in text + str(message["Subject"])


@pytest.mark.parametrize("name", TEMPLATES)
def test_french_spacing_is_right(name: str) -> None:
    source = files("templates").joinpath("mail", f"{name}.txt").read_text("utf-8")
    assert not [sign for sign in (" :", " ?", " !", " ;", "'", "« ", " »") if sign in source]


def test_an_unfilled_value_is_refused() -> None:
    with pytest.raises(UndefinedError):
        compose(Letter("contact_message", "a@exemple.fr"), cabinet_name="C", mail_from="p@exemple.fr")


def test_a_long_subject_is_cut_and_a_long_name_kept() -> None:
    letter = Letter("contact_message", "a@exemple.fr", values=VALUES | {"subject": "x" * 500})
    message = compose(letter, cabinet_name="Cabinet " + "é" * 200, mail_from="p@exemple.fr")
    assert len(message["Subject"]) == 150
    assert "é" * 200 in message["From"]
    message.as_bytes()
