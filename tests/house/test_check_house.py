"""Each house rule finds what it is there to find, and passes what is right."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import check_house
from tests.house.check_house import RULES, Project, Rule, folders_of_the_map, project_at

MAP = "# Architecture\n\n## The map\n\n```\n{}\n```\n"

WRONG: dict[Rule, dict[str, str]] = {
    check_house.a_docstring_opens_each_module: {"cabinet/values.py": "import re\n"},
    check_house.a_module_has_at_most_400_lines: {"cabinet/values.py": '"""Values."""\n' + "x = 1\n" * 400},
    check_house.a_silenced_rule_has_a_reason: {"cli/run.py": '"""Run."""\nimport os  # noqa: F401\n'},
    check_house.addresses_are_https: {"templates/mail.html": "<a href='http" + "://portail.cabinet-dupont.fr/'>\n"},
    check_house.no_registry_is_named: {"packaging/README.md": "from https://files.python" + "hosted.org/x.whl\n"},
    check_house.no_file_is_large: {"resources/photo.png": "x" * 2_000_001},
    check_house.the_documents_stand: {"README.md": "# WebOrtho\n"},
    check_house.the_list_of_promises_is_true: {"tests/README.md": "Shown in `sync/test_gone.py`.\n"},
    check_house.the_map_is_true: {
        "ARCHITECTURE.md": MAP.format("sync/   publishing\ncabinet/   data"),
        "cabinet/a.py": "",
    },
    check_house.french_is_set_as_french: {"cli/run.py": '"""Run."""\nsay("Le dossier est publié !")\n'},
}
"""Rule -> files with one thing that it must find."""

RIGHT = {
    "README.md": "# WebOrtho, at http" + "://127.0.0.1:8000/\n",
    "CHANGELOG.md": "",
    "tests/README.md": "Shown in `house/test_long.py`.\n",
    "tests/house/test_long.py": '"""Long."""\n' + "x = 1\n" * 500,
    "ARCHITECTURE.md": MAP.format(
        "cabinet/   data\nportal/   api/   shapes\n         pages/   HTML\ntests/   tests\nrun.py\ntemplates/   HTML"
    ),
    "cabinet/__init__.py": "",
    "cabinet/values.py": '"""Values."""\nimport re  # noqa: F401 - an example\n',
    "cabinet/words.py": '"""It is right : in English."""\nA = "«\u00a0a\u00a0» est lu\u00a0!"\nB = "x ? y : z"\n',
    "portal/api/shapes.py": '"""Shapes."""\n',
    "portal/pages/a.py": '"""Pages."""\n',
    "portal/server/migrations/0001_initial.py": "x = 1\n",
    "templates/a.html": "<p class='à faire : ici'>Né le {{ d }}\u00a0: oui</p>\n<svg xmlns='http://www.w3.org/2000/svg'>",
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str]], Project]:
    def written(files: dict[str, str]) -> Project:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return project_at(tmp_path)

    return written


def test_every_rule_has_been_seen_failing() -> None:
    assert set(WRONG) == set(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_finds_what_is_wrong(rule: Rule, write: Callable[[dict[str, str]], Project]) -> None:
    assert list(rule(write(WRONG[rule])))


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r is not check_house.the_map_is_true], ids=lambda rule: rule.__name__
)
def test_a_rule_passes_what_is_right(rule: Rule, write: Callable[[dict[str, str]], Project]) -> None:
    assert list(rule(write(RIGHT))) == []


def test_the_map_must_name_what_exists_and_nothing_else(write: Callable[[dict[str, str]], Project]) -> None:
    project = write(RIGHT)

    # portal/ is drawn in detail, so its folders count too; cabinet/'s would not.
    assert list(check_house.the_map_is_true(project)) == ["ARCHITECTURE.md: the map does not name portal/server/"]


def test_folders_of_the_map_are_read_with_those_below_them() -> None:
    text = MAP.format(
        "cabinet/   data: rows/ are not a folder\nportal/  api/  shapes\n         pages/  HTML\nrun.py  runs"
    )

    assert list(folders_of_the_map(text)) == ["cabinet", "portal", "portal/api", "portal/pages"]


@pytest.mark.parametrize(
    "text",
    ["Lancez « webortho ».", "Vérifiez l'adresse.", "Est-ce réglé ?", "12 % payés", "Réglé : 12,00 €"],
)
def test_typewriter_french_is_found(text: str, write: Callable[[dict[str, str]], Project]) -> None:
    project = write({"templates/a.html": f"<p>é</p>\n<p>{text} é</p>\n", "cli/a.py": f'"""A."""\nx = "{text} é"\n'})

    places = [finding.split(": ")[0] for finding in check_house.french_is_set_as_french(project)]

    assert places == ["cli/a.py:2", "templates/a.html:2"]


def test_this_project_keeps_to_its_rules_about_documents() -> None:
    assert list(check_house.the_documents_stand(project_at(check_house.ROOT))) == []
