"""House rules that ruff, mypy and import-linter do not know. Each is a function over the project's files.

python3 -m tests.house.check_house        exit code 1 and one line per finding
"""

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.french import typography_findings

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
MAX_BYTES = 2_000_000
NOT_OURS = frozenset({".git", ".venv", "__pycache__", "build", "dist", "node_modules"})
TEXT_SUFFIXES = frozenset({".css", ".html", ".js", ".md", ".mo", ".po", ".py", ".sh", ".svg", ".toml", ".txt", ".yml"})


@dataclass(frozen=True)
class Project:
    """A folder and the files of it that are, or are about to be, under version control."""

    root: Path
    files: tuple[Path, ...]

    def modules(self) -> Iterator[Path]:
        """Python modules that people wrote: migrations are Django's."""
        for path in self.files:
            if path.suffix == ".py" and path.parent.name != "migrations":
                yield path

    def text(self, path: Path) -> str:
        return (self.root / path).read_text(encoding="utf-8")


def project_at(root: Path) -> Project:
    """The project in a checkout, or in a folder unpacked from an archive."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        every = (path.relative_to(root) for path in root.rglob("*"))
        paths = [path for path in every if not NOT_OURS.intersection(path.parts)]
    return Project(root, tuple(sorted(path for path in paths if (root / path).is_file())))


def a_docstring_opens_each_module(project: Project) -> Iterator[str]:
    docstring = re.compile(r'(?:\s|#.*\n)*r?"""\s*[^"\s]')
    for path in project.modules():
        source = project.text(path)
        if source.strip() and not docstring.match(source):
            yield f"{path}: no docstring says what the module's one job is"


def a_module_has_at_most_400_lines(project: Project) -> Iterator[str]:
    for path in project.modules():
        length = len(project.text(path).splitlines())
        if length > MAX_LINES and path.parts[0] != "tests":
            yield f"{path}: {length} lines; split it by job"


def a_silenced_rule_has_a_reason(project: Project) -> Iterator[str]:
    bare = re.compile(r"#\s*noqa\b(?!:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*\s+\S)")
    for path in project.modules():
        source = project.text(path)
        if not bare.search(source):  # reading a module token by token takes time
            continue
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and bare.search(token.string):
                yield f"{path}:{token.start[0]}: `noqa: CODE` and then why"


def addresses_are_https(project: Project) -> Iterator[str]:
    """Plain http only to this machine, to names reserved for examples and tests (RFC 2606), and as XML names."""
    plain = re.compile(r"\bhttp://(?P<host>\[[0-9a-f:]+\]|[\w.-]+)", re.IGNORECASE)
    harmless = re.compile(
        r"localhost|127\.0\.0\.1|\[::1\]|testserver|www\.w3\.org|schemas\.\w+\.(org|com)"
        r"|([\w-]+\.)*(ex[ae]mple(\.(com|org|net|fr))?|invalid|test)",
        re.IGNORECASE,
    )
    for path in project.files:
        if path.suffix not in TEXT_SUFFIXES:
            continue
        for number, line in enumerate(project.text(path).splitlines(), 1):
            for found in plain.finditer(line):
                if not harmless.fullmatch(found["host"].rstrip(".")):
                    yield f"{path}:{number}: {found[0]} is not https"


def no_registry_is_named(project: Project) -> Iterator[str]:
    """Where packages come from is a setting of each machine. The names stand apart here so as not to be found."""
    hosts = [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("debian", "org")]
    named = re.compile("|".join(rf"\b{name}\.{top}\b" for name, top in hosts), re.IGNORECASE)
    for path in project.files:
        if path.suffix not in TEXT_SUFFIXES:
            continue
        for number, line in enumerate(project.text(path).splitlines(), 1):
            if found := named.search(line):
                yield f"{path}:{number}: names the registry {found[0]}"


def no_file_is_large(project: Project) -> Iterator[str]:
    for path in project.files:
        size = (project.root / path).stat().st_size
        if size > MAX_BYTES:
            yield f"{path}: {size / 1e6:.1f} MB; a checkout must stay light"


def the_documents_stand(project: Project) -> Iterator[str]:
    for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "tests/README.md"):
        if Path(name) not in project.files:
            yield f"{name}: missing"


def the_list_of_promises_is_true(project: Project) -> Iterator[str]:
    """tests/README.md says which test shows which promise: each test file that it names exists."""
    readme = Path("tests/README.md")
    if readme in project.files:
        for name in sorted(set(re.findall(r"`([\w/]+/test_\w+\.py)`", project.text(readme)))):
            if Path("tests", name) not in project.files:
                yield f"{readme}: {name} does not exist"


def the_map_is_true(project: Project) -> Iterator[str]:
    """The block under "The map" in ARCHITECTURE.md names each folder, and each folder that it names exists."""
    if Path("ARCHITECTURE.md") not in project.files:
        return
    named = set(folders_of_the_map(project.text(Path("ARCHITECTURE.md"))))
    present = {"/".join(path.parts[:depth]) for path in project.files for depth in (1, 2) if len(path.parts) > depth}
    for folder in sorted(named - present):
        yield f"ARCHITECTURE.md: the map names {folder}/, which does not exist"
    detailed = {folder.split("/")[0] for folder in named if "/" in folder}
    for folder in sorted(present - named):
        top, *below = folder.split("/")
        if not top.startswith(".") and (not below or top in detailed):
            yield f"ARCHITECTURE.md: the map does not name {folder}/"


def folders_of_the_map(text: str) -> Iterator[str]:
    block = re.search(r"^## The map\n+```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    top = ""
    for line in (block[1] if block else "").splitlines():
        at_margin = re.match(r"(\w+)/\s+(?:(\w+)/\s)?", line)
        indented = re.match(r"\s+(\w+)/\s", line)
        if at_margin:
            top = at_margin[1]
            yield top
        below = at_margin[2] if at_margin else indented[1] if indented else None
        if below:
            yield f"{top}/{below}"


def french_is_set_as_french(project: Project) -> Iterator[str]:
    """No-break spaces and typographic apostrophes in what people read: strings of the programs, text of templates."""
    for path in project.files:
        if path.parts[0] in {"tests", "packaging"} or path.parent.name == "migrations":
            continue
        if path.suffix in {".py", ".html"}:
            yield from (f"{path}:{line}: {what}" for line, what in typography_findings(path.suffix, project.text(path)))


Rule = Callable[[Project], Iterator[str]]
RULES: tuple[Rule, ...] = (
    a_docstring_opens_each_module,
    a_module_has_at_most_400_lines,
    a_silenced_rule_has_a_reason,
    addresses_are_https,
    no_registry_is_named,
    no_file_is_large,
    the_documents_stand,
    the_list_of_promises_is_true,
    the_map_is_true,
    french_is_set_as_french,
)


def main() -> int:
    project = project_at(ROOT)
    findings = [finding for rule in RULES for finding in rule(project)]
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
