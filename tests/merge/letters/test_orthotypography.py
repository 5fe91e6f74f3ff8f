"""French typography: a table of rules, and what no rule may do."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge.letters.orthotypography import french, french_parts

TYPED_AND_SET = [
    # punctuation
    ("Objet : l'essai", "Objet~: l’essai"),
    ("Objet: l'essai", "Objet~: l’essai"),
    ("Quoi ? Oui ! 50 % ; 3 €", "Quoi~? Oui~! 50~%~; 3~€"),
    ("Vraiment?! (Oui!) Bien;", "Vraiment~?! (Oui~!) Bien~;"),
    ("Prêt\u202f? Oui\u2009!", "Prêt~? Oui~!"),
    ("«essai» et « essai »", "«~essai~» et «~essai~»"),
    ("à suivre...", "à suivre…"),
    ("Nom : ........", "Nom~: ........"),
    # apostrophes
    ("l'essai d'aujourd'hui", "l’essai d’aujourd’hui"),
    ("5' de pause", "5' de pause"),
    # numbers
    ("1 248 accès, 1 234 567,50 €", "1~248 accès, 1~234~567,50~€"),
    ("en 2026, 12 patients", "en 2026, 12 patients"),
    ("50% et 3€", "50~% et 3~€"),
    ("3 mm, 20 °C, 15 min, 2 kg", "3~mm, 20~°C, 15~min, 2~kg"),
    ("3 messages, 2 l’ont", "3 messages, 2 l’ont"),
    ("Tél. 03 53 01 21 21.", "Tél.~03~53~01~21~21."),
    ("+33 3 53 01 21 21", "+33~3~53~01~21~21"),
    # dates and times
    ("le 12 janvier 2026 à 14 h 30", "le 12~janvier 2026 à 14~h~30"),
    ("du 1er mai au 3 août", "du 1er~mai au 3~août"),
    ("à 14:30, au format 16:9", "à 14:30, au format 16:9"),
    # titles, abbreviations, initials
    ("M. Spécimen et Mme Spécimen", "M.~Spécimen et Mme~Spécimen"),
    ("Dr J.-P. Exemple, J. P. Exemple", "Dr~J.-P.~Exemple, J.~P.~Exemple"),
    ("dossier n° 12, art. 3, p. 4", "dossier n°~12, art.~3, p.~4"),
    ("Me voici. Mes rendez-vous", "Me voici. Mes rendez-vous"),
    # ligatures
    ("votre soeur, le coeur, un oeil", "votre sœur, le cœur, un œil"),
    ("une manoeuvre, des oedèmes, un chef-d'oeuvre", "une manœuvre, des œdèmes, un chef-d’œuvre"),
    ("Coeur et voeux. Oeuvrons.", "Cœur et vœux. Œuvrons."),
    ("Jacques Coeur, M. BOEUF", "Jacques Coeur, M.~BOEUF"),
    ("un coefficient de moelle, poésie, Noël, Joey", "un coefficient de moelle, poésie, Noël, Joey"),
    # data
    ("https://exemple.fr/l'a?b=1 : lisez", "https://exemple.fr/l'a?b=1~: lisez"),
    ("www.exemple.fr/l'essai... et soeur.exemple.fr", "www.exemple.fr/l'essai... et soeur.exemple.fr"),
    ("o'brien@exemple.fr ; l'autre", "o'brien@exemple.fr~; l’autre"),
    ("Bonjour @DPOLI, M. @DNOM ; voici @soeur!", "Bonjour @DPOLI, M.~@DNOM~; voici @soeur~!"),
]


@pytest.mark.parametrize(("typed", "set_"), TYPED_AND_SET)
def test_text_is_set_as_a_french_typographer_would(typed: str, set_: str) -> None:
    assert french(typed).replace("\u00a0", "~") == set_


LIVELY = st.lists(
    st.sampled_from(
        [
            *"abM Éé12' .,:;?!%€«»()-/@\u00a0\u202f\n",
            "...",
            "n°",
            "M. ",
            "soeur",
            "Coeur",
            "janvier",
            " h ",
            "1er",
            "é: ",
        ]
    ),
    max_size=16,
).map("".join)


@given(LIVELY)
def test_what_is_set_is_not_set_again(text: str) -> None:
    assert french(french(text)) == french(text)


def bare(text: str) -> str:
    """The text without what typography may change."""
    for typed, set_ in (("'", "’"), ("...", "…"), ("oe", "œ"), ("Oe", "Œ")):
        text = text.replace(typed, set_)
    return re.sub(r"\s", "", text)


@given(LIVELY)
def test_only_spaces_apostrophes_dots_and_known_ligatures_change(text: str) -> None:
    assert bare(french(text)) == bare(text)


@given(st.lists(LIVELY, min_size=1, max_size=5))
def test_parts_are_set_as_the_whole(texts: list[str]) -> None:
    assert "".join(french_parts(texts)) == french("".join(texts))


def test_a_rule_sees_over_the_end_of_a_part() -> None:
    assert french_parts(["Dossier n° ", "@ORDRE", " : essai"]) == ["Dossier n°\u00a0", "@ORDRE", "\u00a0: essai"]


@given(LIVELY, LIVELY)
def test_parts_that_are_data_stay_as_they_are(before: str, data: str) -> None:
    assert french_parts([before, data, " ; après"], data=[1])[1].strip("\u00a0") == data.strip("\u00a0")
