"""The peer dlt, run in a virtual environment of its own: the export by Arrow into PostgreSQL, merged by key.

dlt_merge.py FOLDER STATE POSTGRESQL_URL
"""

import sys
from pathlib import Path

import dlt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

TABLES = ("patients", "destinataires", "rendez_vous", "echeances", "honoraires", "soldes")


def read(path: Path) -> pa.Table:
    """A table as text, with a key for each row: the patient's number, and its place among the patient's rows."""
    names = path.open(encoding="cp1252").readline().strip().split(";")
    table = csv.read_csv(
        path,
        read_options=csv.ReadOptions(encoding="cp1252", block_size=64 << 20),
        parse_options=csv.ParseOptions(delimiter=";"),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    seen: dict[str, int] = {}
    places = []
    for number in table.column(0).to_pylist():
        seen[number] = seen.get(number, 0) + 1
        places.append(seen[number])
    key = pc.binary_join_element_wise(table.column(0), pa.array(map(str, places)), "/")
    return table.append_column("row_key", key)


def main() -> None:
    folder, state, url = sys.argv[1:]
    pipeline = dlt.pipeline(
        "cabinet", destination=dlt.destinations.postgres(url), dataset_name="cabinet", pipelines_dir=state
    )
    resources = [
        dlt.resource(
            read(Path(folder, f"{name}.csv")),
            name=name,
            primary_key="row_key",
            write_disposition={"disposition": "merge", "strategy": "upsert"},
        )
        for name in TABLES
    ]
    pipeline.run(resources).raise_on_failed_jobs()


if __name__ == "__main__":
    main()
