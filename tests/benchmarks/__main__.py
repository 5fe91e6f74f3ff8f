"""`python3 run.py bench [NAME…] [--json] [--rounds N] [--install-peers]`: ours and the peers, in the same run."""

import argparse
import json
import sys
from collections.abc import Iterator
from importlib import import_module

from tests.benchmarks import peers
from tests.benchmarks.harness import MIN_ROUNDS, Interrupted, Table
from tests.benchmarks.processes import BenchmarkFailed
from tests.benchmarks.report import as_json, as_text, machine

BENCHMARKS = {
    "letters": "mille lettres, du dossier au fichier prêt à imprimer",
    "docx": "mille lettres d’un modèle Word du cabinet",
    "sync": "la synchronisation d’un grand cabinet, de la commande à la publication",
    "pages": "une page du portail, par requête, et une connexion",
    "start": "de la commande à la première fenêtre de l’application",
    "search": "une frappe dans la recherche, parmi dix mille patients",
    "preview": "une frappe dans l’éditeur du portail, et dans une lettre, jusqu’à l’aperçu peint",
}
GROWTH = {
    "letters": "les lettres, seules, de cent à dix mille",
    "sync": "la synchronisation, seule, à plusieurs tailles de cabinet",
    "docx": "un modèle Word, seul, pour cent à dix mille lettres",
}
"""What `--growth` measures instead: benchmarks with a `growth` of their own."""


def arguments() -> argparse.Namespace:
    listed = "\n".join(f"  {name:<8}{what}" for name, what in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        "run.py bench", description=f"Mesures\u00a0:\n{listed}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NOM", help="ce qu’il faut mesurer (tout, sans nom)")
    parser.add_argument("--json", action="store_true", help="un seul objet JSON sur la sortie standard")
    parser.add_argument("--rounds", type=int, default=MIN_ROUNDS, help=f"nombre de tours, au moins {MIN_ROUNDS}")
    parser.add_argument("--growth", action="store_true", help=f"mesure plutôt {', '.join(GROWTH.values())}")
    parser.add_argument("--install-peers", action="store_true", help="installe d’abord les concurrents facultatifs")
    chosen = parser.parse_args()
    known = GROWTH if chosen.growth else BENCHMARKS
    if unknown := set(chosen.names) - known.keys():
        parser.error(f"mesure inconnue\u00a0: {', '.join(sorted(unknown))}")
    return chosen


def main() -> int:
    chosen = arguments()
    if chosen.install_peers:
        peers.install()
    found: dict[str, list[dict[str, object]]] = {}
    known = GROWTH if chosen.growth else BENCHMARKS
    code = 0
    for name in chosen.names or known:
        print(f"{name}\u00a0: {known[name]}…", file=sys.stderr, flush=True)
        found[name] = []
        try:
            for table in _tables(name, chosen.rounds, growth=chosen.growth):
                found[name].append(as_json(table))
                if not chosen.json:
                    print(f"\n{as_text(table)}", flush=True)
        except BenchmarkFailed as failure:
            print(f"{name}\u00a0: pas de mesure. {failure}", file=sys.stderr)
            code = 1
            break
        except KeyboardInterrupt:
            code = 130
            break
    if chosen.json:
        print(json.dumps({"machine": machine(), "benchmarks": found}, ensure_ascii=False, indent=2))
    return code


def _tables(name: str, rounds: int, *, growth: bool) -> Iterator[Table]:
    """Each as soon as it is complete; one that is interrupted, and then the interruption."""
    try:
        benchmark = import_module(f"tests.benchmarks.{name}")
        yield from benchmark.growth(rounds) if growth else benchmark.run(rounds)
    except Interrupted as stopped:
        yield stopped.table
        raise


if __name__ == "__main__":
    sys.exit(main())
