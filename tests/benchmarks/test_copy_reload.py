"""The peer that loads everything anew: it loads the same data, and what it says that it checks it does check."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.copy_reload import KEPT, REBUILT, RELOADS, TEXT, Reload
from tests.benchmarks.export import change_export, write_export
from tests.benchmarks.postgres import Cluster, cluster, programs, psql
from tests.benchmarks.processes import BenchmarkFailed

pytestmark = pytest.mark.skipif(not programs(), reason="PostgreSQL is not installed")

COUNTS = """
SELECT (SELECT count(*) FROM patients), (SELECT count(*) FROM destinataires), (SELECT count(*) FROM rendez_vous),
       (SELECT count(*) FROM echeances), (SELECT count(*) FROM honoraires), (SELECT count(*) FROM soldes);
"""
NUMBERS = """
SELECT (SELECT sum("Montant, nombre") FROM echeances), (SELECT max("Date et heure") FROM rendez_vous);
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        for form in RELOADS:
            psql(running, form.create())
        yield running


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_export(tmp_path / "export", patients=20)
    return tmp_path / "export"


def loaded(postgres: Cluster, form: Reload, source: Path, query: str) -> list[str]:
    asked = f"\\pset tuples_only on\n\\pset format unaligned\nSET search_path = {form.schema};\n{query}"
    return psql(postgres, form.reload(source) + asked).output.strip().split("|")


@pytest.mark.parametrize("form", RELOADS, ids=lambda form: form.schema)
def test_each_reload_holds_all_rows_night_after_night(postgres: Cluster, form: Reload, source: Path) -> None:
    assert loaded(postgres, form, source, COUNTS) == ["20", "20", "500", "120", "120", "20"]

    (source / "soldes.csv").write_text("N° interne;Solde;Date\n01000;1 087,50;14/03/2025\n", "cp1252")
    change_export(source, 1)

    assert loaded(postgres, form, source, COUNTS)[-1] == "1"


@pytest.mark.parametrize("form", [REBUILT, KEPT], ids=lambda form: form.schema)
def test_typed_tables_hold_numbers_and_moments(postgres: Cluster, form: Reload, source: Path) -> None:
    total, last = loaded(postgres, form, source, NUMBERS)

    assert total == "43500.00", "120 times 362,50"
    assert last.startswith("2025-")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("01000;31/02/2025 09:00;RVC;20;CC;prévu;1;F;", "out of range"),
        ("99999;14/03/2025 09:00;RVC;20;CC;prévu;1;F;", "violates foreign key"),
    ],
)
def test_what_is_no_day_or_nobody_s_is_refused_by_typed_tables_alone(
    postgres: Cluster, source: Path, line: str, reason: str
) -> None:
    with (source / "rendez_vous.csv").open("a", encoding="cp1252", newline="") as file:
        file.write(f"{line}\r\n")

    assert loaded(postgres, TEXT, source, COUNTS)[2] == "501"
    for form in (REBUILT, KEPT):
        with pytest.raises(BenchmarkFailed, match=reason):
            loaded(postgres, form, source, COUNTS)
