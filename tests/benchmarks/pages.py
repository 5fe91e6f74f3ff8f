"""A signed-in patient's page of 26 appointments, and a sign-in: CPU of the server for each request.

The server has one core, the load (wrk, 16 connections) the other. Beside ours: stock Django rendering the same visible
text from an open row, checked word by word, and the floor: one open row and our renderer, without any security work.
"""

import contextlib
import csv
import datetime as dt
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import requests

from cabinet.demo import write_export
from cabinet.dossier import Dossier
from cabinet.mapping import default_mapping
from cabinet.reading import read
from cli.visitor import Visitor
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import PublishSettings, Role
from portal.pages import addresses
from portal.pages.settings import demo_settings, encode
from tests.benchmarks import floor
from tests.benchmarks.harness import Contender, Sample, Table, compete
from tests.benchmarks.installation import CABINET, ONE_CORE, OTHER_CORE, Portal, enrol, running_portal
from tests.benchmarks.postgres import cluster, programs
from tests.benchmarks.processes import BenchmarkFailed, free_port, measure, serving, tree_cpu, tree_peak_mb
from tests.benchmarks.visible import visible_words

APPOINTMENTS = 26
TO_COME = 3
CONNECTIONS = 16
SECONDS = 4
SIGN_INS = 15
PASSWORD = "violon-marguerite-orage"
PER_REQUEST = "µs"
GRANIAN = Path(sys.executable).with_name("granian")
TOKEN = r'name="csrfmiddlewaretoken" value="([^"]+)"'
NO_WRK = "wrk n’est pas installé"


@dataclass(frozen=True)
class Site:
    """A server with the page of one patient on it, and what a browser sends for it."""

    name: str
    pid: int
    address: str
    page: str
    cookie: str
    sign_in: str = ""
    """Path of the sign-in, where there is one, and what its form asks."""
    form: tuple[tuple[str, str], ...] = ()

    def html(self) -> str:
        answer = requests.get(
            self.address + self.page, headers={"Cookie": self.cookie}, timeout=30, allow_redirects=False
        )
        if answer.status_code != 200:
            raise BenchmarkFailed(f"{self.name} answers {answer.status_code}")
        return answer.text


def run(rounds: int) -> list[Table]:
    """The page on each site, then the sign-in on those that have one."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="webortho-bench-")))
        dossier = _export(folder / "export")
        sites = [_ours(folder / "portal", folder / "export", dossier, stack)]
        if programs():
            url = stack.enter_context(cluster()).url
            sites.append(_ours(folder / "portal-pg", folder / "export", dossier, stack, database_url=url))
        sites += [_stock(folder / "stock", dossier, stack), _floor(folder / "floor", dossier, stack)]
        _require_same_text(sites)
        missing = "" if shutil.which("wrk") else NO_WRK
        doors = [site for site in sites if site.sign_in]
        return [
            compete(
                f"Une page de {APPOINTMENTS} rendez-vous, par requête, {CONNECTIONS} connexions",
                [Contender(site.name, _Load(site), missing) for site in sites],
                rounds,
                unit=PER_REQUEST,
            ),
            compete("Une connexion", [Contender(site.name, _SignIn(site)) for site in doors], rounds, unit=PER_REQUEST),
        ]


@dataclass(frozen=True)
class _Load:
    """wrk on the page for a few seconds."""

    site: Site

    def __call__(self, _: int) -> Sample:
        site = self.site
        self._wrk(1)
        before = tree_cpu(site.pid)
        said = self._wrk(SECONDS)
        cpu = tree_cpu(site.pid) - before
        if "Non-2xx" in said or "Socket errors" in said:
            raise BenchmarkFailed(f"{site.name}: {said}")
        count = int(_found(r"(\d+) requests in", said))
        rate = float(_found(r"Requests/sec:\s+([\d.]+)", said))
        slowest = _milliseconds(_found(r"99%\s+([\d.]+\w+)", said))
        figures = {"requêtes/s": rate, "p99 ms": slowest, "octets": len(site.html().encode())}
        return Sample(1 / rate, cpu / count, tree_peak_mb(site.pid), figures)

    def _wrk(self, seconds: int) -> str:
        load = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "--latency",
            "--timeout",
            "30s",
            "-H",
            f"Cookie: {self.site.cookie}",
        ]
        return measure([*OTHER_CORE, *load, self.site.address + self.site.page]).output


@dataclass(frozen=True)
class _SignIn:
    """One sign-in after the other, each by a browser that holds no session yet."""

    site: Site

    def __call__(self, _: int) -> Sample:
        site = self.site
        with requests.Session() as browser:
            token = _found(TOKEN, browser.get(site.address + site.sign_in, timeout=30).text)
            cookie = browser.cookies["csrftoken"]
        before, wall = tree_cpu(site.pid), 0.0
        for _ in range(SIGN_INS):
            answer = requests.post(
                site.address + site.sign_in,
                data={**dict(site.form), "csrfmiddlewaretoken": token},
                cookies={"csrftoken": cookie},
                headers={"Origin": site.address},
                allow_redirects=False,
                timeout=30,
            )
            if answer.status_code not in {302, 303}:
                raise BenchmarkFailed(f"{site.name}: the sign-in answers {answer.status_code}")
            wall += answer.elapsed.total_seconds()
        return Sample(wall / SIGN_INS, (tree_cpu(site.pid) - before) / SIGN_INS, tree_peak_mb(site.pid))


def _export(folder: Path) -> Dossier:
    """The demo cabinet's export, one patient of which has exactly 26 appointments, 3 of them to come."""
    today = dt.datetime.now().date()  # noqa: DTZ005 - the cabinet's own day
    write_export(folder, reference=today, patients=250, photos=False)
    first = next(
        dossier
        for dossier in _read(folder)
        if dossier.patient.treatment_start and any(addressee.email for addressee in dossier.addressees)
    )
    path = folder / "rendez_vous.csv"
    with path.open(encoding="cp1252", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    days = [today + dt.timedelta(days=21 + 35 * (place - APPOINTMENTS + TO_COME)) for place in range(APPOINTMENTS)]
    own = [
        [first.number, f"{day:%d/%m/%Y} 17:15", "RVC", "20", "CC", "prévu" if day > today else "honoré"] for day in days
    ]
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *(row for row in rows if row[0] != first.number), *own])
    return next(dossier for dossier in _read(folder) if dossier.number == first.number)


def _read(folder: Path) -> Sequence[Dossier]:
    return read(folder, default_mapping(), bytes(32)).dossiers


def _ours(folder: Path, source: Path, dossier: Dossier, stack: contextlib.ExitStack, *, database_url: str = "") -> Site:
    """A portal on one core with the demo cabinet on it, and the patient's session after a first visit."""
    portal = stack.enter_context(running_portal(folder, prefix=ONE_CORE, database_url=database_url))
    _publish_settings(portal)
    measure(enrol(portal, source).sync_command())
    email = next(addressee.email for addressee in dossier.addressees if addressee.email)
    with Visitor(portal.address) as visitor:
        birth = f"{dossier.patient.birth_date:%d%m%Y}"
        who = {"cabinet_code": CABINET, "patient_number": dossier.number}
        visitor.submit(addresses.FIRST_VISIT, then=addresses.WELCOME, secret=birth, **who)
        visitor.submit(addresses.WELCOME, then=addresses.APPOINTMENTS, new_password=PASSWORD, email=email)
        cookies = visitor._session.cookies.items()
    return Site(
        f"WebOrtho, {'PostgreSQL' if database_url else 'SQLite'}",
        portal.pid,
        portal.address,
        addresses.APPOINTMENTS,
        "; ".join(f"{name}={value}" for name, value in cookies),
        addresses.SIGN_IN,
        (*who.items(), ("password", PASSWORD)),
    )


def _publish_settings(portal: Portal) -> None:
    code = portal.command("enrol", CABINET, "--role", Role.PRACTITIONER).strip()
    with Connections() as connections:
        token = PortalClient(portal.address, "", connections).enrol(code, "banc").token
        client = PortalClient(portal.address, token, connections)
        client.publish_settings(PublishSettings(0, msgspec.Raw(encode(demo_settings()))))


def _stock(folder: Path, dossier: Dossier, stack: contextlib.ExitStack) -> Site:
    """Stock Django with the dossier in one open row, and a session of django.contrib.auth."""
    folder.mkdir()
    given = {"number": dossier.number, "password": PASSWORD, "document": _open_document(dossier)}
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    env = {"STOCK_FOLDER": str(folder)}
    measure([sys.executable, "-m", "tests.benchmarks.stock_django.load", folder / "given.json"], env=env)
    address, pid = _granian("tests.benchmarks.stock_django.wsgi:application", env, stack)
    form = {"username": dossier.number, "password": PASSWORD}
    sign_in = f"{address}/accounts/login/"
    with requests.Session() as browser:
        data = {**form, "csrfmiddlewaretoken": _found(TOKEN, browser.get(sign_in, timeout=30).text)}
        browser.post(sign_in, data=data, headers={"Origin": address}, allow_redirects=False, timeout=30)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return Site(
        "Django 5.2 d’origine, SQLite", pid, address, "/rendez-vous", cookie, "/accounts/login/", (*form.items(),)
    )


def _open_document(dossier: Dossier) -> dict[str, object]:
    settings = demo_settings()
    zones = msgspec.to_builtins(settings.zones)
    return {
        "dossier": msgspec.to_builtins(dossier),
        "as_of": dt.datetime.now().isoformat(),  # noqa: DTZ005 - the cabinet's local time
        "cabinet": {
            "name": settings.zones.title,
            "address_line": settings.zones.address.replace("<br>", ", "),
            "phone_link": "tel:" + re.sub(r"\D", "", settings.zones.phone),
            "zones": zones,
            "kind_names": settings.kind_names,
            "practitioner_names": settings.practitioner_names,
        },
    }


def _floor(folder: Path, dossier: Dossier, stack: contextlib.ExitStack) -> Site:
    folder.mkdir()
    floor.make(folder, dossier)
    address, pid = _granian("tests.benchmarks.floor:application", {"FLOOR_FOLDER": str(folder)}, stack)
    return Site("plancher : une ligne, notre rendu", pid, address, "/", f"token={floor.TOKEN}")


def _granian(application: str, env: dict[str, str], stack: contextlib.ExitStack) -> tuple[str, int]:
    """Serve a WSGI application on one core as ours is served; its address and process."""
    port = free_port()
    options = ["--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "8", "--no-log"]
    pid = stack.enter_context(serving([*ONE_CORE, GRANIAN, *options, application], port, env=env))
    return f"http://127.0.0.1:{port}", pid


def _require_same_text(sites: Sequence[Site]) -> None:
    """Raise `BenchmarkFailed` when two sites do not show the same words: their figures could not be compared."""
    first = _timeless(visible_words(sites[0].html()))
    for site in sites[1:]:
        other = _timeless(visible_words(site.html()))
        for place, (ours, theirs) in enumerate(zip([*first, ""], [*other, ""], strict=False)):
            if ours != theirs:
                raise BenchmarkFailed(
                    f"{site.name} shows {other[place - 3 : place + 3]}, not {first[place - 3 : place + 3]}"
                )


def _timeless(words: Sequence[str]) -> list[str]:
    """Without the minute as of which the data are, which is each site's own."""
    return [re.sub(r"^\d{1,2}h\d{2}\.$", "…", word) for word in words]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise BenchmarkFailed(f"{pattern} is not in {text[:1000]}")
    return match[1]


def _milliseconds(said: str) -> float:
    """wrk's way of writing a duration: 812.00us, 3.40ms, 1.02s."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
