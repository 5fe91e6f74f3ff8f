"""`webortho merge` without a portal: files, who is missing and why, and a sentence for whatever is wrong."""

import datetime as dt
import json
import os
import re
import shutil
import zipfile
from email import message_from_bytes
from email.policy import default
from importlib.resources import files
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from keyring.backends import null

from cabinet.demo import write_export
from cli.merge import command
from tests.merge.letters.conftest import Pages, need

CABINET = {
    "code": "dijon21",
    "name": "Cabinet du Parc",
    "site": "www.webortho.fr",
    "signatory": "Docteur Exemple",
    "city": "Dijon",
    "contact_email": "cabinet@exemple.fr",
    "zones": {"title": "Cabinet du Parc", "phone": "03 53 01 21 21"},
}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_export(folder, reference=dt.date(2026, 11, 22), patients=20, photos=False)
    return folder


@pytest.fixture
def cabinet(tmp_path: Path) -> Path:
    return described(tmp_path)


def described(folder: Path, **changes: object) -> Path:
    path = folder / "cabinet.json"
    path.write_text(json.dumps(CABINET | changes), encoding="utf-8")
    return path


def merge(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_letters_without_a_portal_have_no_code_to_scan_and_the_birth_date_in_words(
    export: Path, cabinet: Path, tmp_path: Path
) -> None:
    need("pdftotext")
    out = tmp_path / "lettres.pdf"
    result = merge("letters", "--source", export, "--cabinet-file", cabinet, "--out", out, "--only", "5312")

    assert result.exit_code == 0, result.output
    assert result.stdout == f"1 lettre : {out}\n"
    text = " ".join(Pages(out).lines())
    assert "date de naissance du patient (JJMMAAAA)" in text
    assert "Docteur Exemple" in text
    assert "scan" not in text


@pytest.mark.parametrize(("name", "words"), [("courte", "se consulte désormais"), ("relance", "pas encore ouvert")])
def test_a_shipped_letter_is_chosen_by_its_name(
    name: str, words: str, export: Path, cabinet: Path, tmp_path: Path
) -> None:
    need("pdftotext")
    out = tmp_path / "lettres.pdf"
    chosen = ("--only", "5312", "--template", name)
    result = merge("letters", "--source", export, "--cabinet-file", cabinet, "--out", out, *chosen)

    assert result.exit_code == 0, result.output
    text = " ".join(Pages(out).lines())
    assert words in text
    assert "scan" not in text.lower(), "there is no portal to make a link"


def test_a_shipped_letter_may_be_copied_and_changed(export: Path, cabinet: Path, tmp_path: Path) -> None:
    need("pdftotext")
    own, out = tmp_path / "rentrée.toml", tmp_path / "lettres.pdf"
    shipped = files("templates").joinpath("letters", "lettre-courte-enfant.toml").read_text(encoding="utf-8")
    own.write_text(shipped.replace("Une question ?", "Bonne rentrée !"), encoding="utf-8")
    chosen = ("--only", "5312", "--template", own)
    result = merge("letters", "--source", export, "--cabinet-file", cabinet, "--out", out, *chosen)

    assert result.exit_code == 0, result.output
    text = " ".join(Pages(out).lines())
    assert "Bonne rentrée" in text
    assert "scan" not in text.lower(), "there is no portal to make a link"


def test_the_shipped_letters_are_listed_and_a_misspelt_name_is_told(
    export: Path, cabinet: Path, tmp_path: Path
) -> None:
    listed = merge("letters", "--list-templates")
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["annonce", "courte", "relance"]

    chosen = ("--out", tmp_path / "l.pdf", "--template", "relanse")
    wrong = merge("letters", "--source", export, "--cabinet-file", cabinet, *chosen)
    assert wrong.exit_code == 4
    assert (
        "Aucun modèle fourni ne s’appelle «\u00a0relanse\u00a0». Vouliez-vous dire «\u00a0relance\u00a0»"
        in wrong.stderr
    )


def test_without_a_portal_nobody_knows_who_signed_in(export: Path, cabinet: Path, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "l.pdf", "--never-signed-in")
    result = merge("letters", "--source", export, "--cabinet-file", cabinet, *out)
    assert result.exit_code == 4
    assert "Sans le portail, personne ne sait qui s’est connecté." in result.stderr


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_household_gets_one_letter_with_each_childs_codes(
    export: Path, cabinet: Path, tmp_path: Path, form: str
) -> None:
    need("pdftotext")
    out = tmp_path / f"lettres.{form}"
    family = ("--only", "4808", "--only", "4809", "--format", form, "--out", out)
    alone = merge("letters", "--source", export, "--cabinet-file", cabinet, *family)
    together = merge("letters", "--source", export, "--cabinet-file", cabinet, *family, "--household")

    assert (alone.stdout, together.stdout) == (f"2\u00a0lettres\u00a0: {out}\n", f"1\u00a0lettre\u00a0: {out}\n")
    if form == "pdf":
        text = " ".join(Pages(out).lines())
    else:
        with zipfile.ZipFile(out) as word:
            text = re.sub("<[^>]+>", "", word.read("word/document.xml").decode())
    text = text.replace("\u00a0", " ")
    for number in ("4808", "4809"):
        assert f"Votre identifiant : {number}" in text
    assert "Dossiers n° 4808 et 4809" in text


def test_emails_are_written_in_the_words_of_a_letter(export: Path, cabinet: Path, tmp_path: Path) -> None:
    chosen = ("--template", "relance", "--out", tmp_path / "mails")
    result = merge("emails", "--source", export, "--cabinet-file", cabinet, *chosen)
    assert result.exit_code in {0, 1}, result.output
    files = sorted((tmp_path / "mails").iterdir())
    assert files
    message = message_from_bytes(files[0].read_bytes(), policy=default)
    assert message["Subject"] in {
        "Le dossier de votre enfant vous attend en ligne",
        "Votre dossier vous attend en ligne",
    }
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    for part in (plain, page):
        assert "vous ne l’avez pas encore ouvert" in part.get_content()
        assert "scan" not in part.get_content().lower(), "there is no portal to make a link"


def test_a_household_gets_one_envelope(export: Path, cabinet: Path, tmp_path: Path) -> None:
    family = ("--only", "4808", "--only", "4809", "--out", tmp_path / "e.pdf")
    alone = merge("envelopes", "--source", export, "--cabinet-file", cabinet, *family)
    together = merge("envelopes", "--source", export, "--cabinet-file", cabinet, *family, "--household")
    assert alone.stdout.startswith("2\u00a0enveloppes")
    assert together.stdout.startswith("1\u00a0enveloppe")


def test_the_poster_needs_no_export_and_comes_in_both_sizes(cabinet: Path, tmp_path: Path) -> None:
    need("pdftotext")
    for size, height in (("A4", 297), ("a3", 420)):
        out = tmp_path / f"{size}.pdf"
        result = merge("poster", "--cabinet-file", cabinet, "--out", out, "--size", size, "--borderless")
        assert (result.exit_code, result.stdout) == (0, f"1\u00a0affiche\u00a0: {out}\n"), result.output
        words = Pages(out).words()
        assert "dijon21" in {word.text for word in words}
        assert 0.9 * height < max(word.bottom for word in words) < height


def test_letters_for_word_are_one_document(export: Path, cabinet: Path, tmp_path: Path) -> None:
    out = tmp_path / "lettres.docx"
    result = merge("letters", "--source", export, "--cabinet-file", cabinet, "--out", out, "--format", "docx", "--json")

    document = json.loads(result.stdout)
    assert (result.exit_code, document["kind"], document["out"]) == (document["exit_code"], "letters", str(out))
    assert document["written"] + len({problem["number"] for problem in document["problems"]}) == 20
    assert document["timings"]["total"] > 0
    with zipfile.ZipFile(out) as word:
        assert b"JJMMAAAA" in word.read("word/document.xml")


def test_a_pattern_is_each_patient_s_own_password(export: Path, tmp_path: Path) -> None:
    need("pdftotext")
    cabinet = described(tmp_path, first_access={"policy": "pattern", "pattern": "@ORDREapo"})
    out = tmp_path / "lettres.pdf"
    merge("letters", "--source", export, "--cabinet-file", cabinet, "--out", out, "--only", "5312")

    assert "5312apo" in Pages(out).text()


def test_codes_of_the_portal_are_refused_without_it(export: Path, tmp_path: Path) -> None:
    cabinet = described(tmp_path, first_access={"policy": "personal_code"})
    out = tmp_path / "lettres.pdf"
    result = merge("letters", "--source", export, "--cabinet-file", cabinet, "--out", out, "--only", "5312")

    assert result.exit_code == 1
    assert "les codes personnels sont faits par le portail : connectez ce poste, puis recommencez." in result.stdout
    assert not out.exists()


def test_a_birth_date_that_nobody_knows_is_no_password(export: Path, cabinet: Path, tmp_path: Path) -> None:
    patients = export / "patients.csv"
    source = tmp_path / "export"
    source.mkdir()
    for file in export.glob("*.csv"):
        (source / file.name).write_bytes(file.read_bytes())
    text = patients.read_text("cp1252")
    line = next(line for line in text.splitlines() if line.startswith("5312;") or ";5312;" in line)
    (source / "patients.csv").write_text(text.replace(line, line.replace("15/04/1985", "")), "cp1252")
    result = merge(
        "letters", "--source", source, "--cabinet-file", cabinet, "--out", tmp_path / "l.pdf", "--only", "5312"
    )

    assert result.exit_code == 1
    assert "la date de naissance n’est pas connue, et c’est elle qui sert de mot de passe." in result.stdout


def test_cards_need_the_portal_s_links_and_say_so_once(export: Path, cabinet: Path, tmp_path: Path) -> None:
    result = merge("cards", "--source", export, "--cabinet-file", cabinet, "--out", tmp_path / "c.pdf")

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:2] == ["Rien n’a été écrit : 0 carte.", "20 destinataires manquent :"]
    assert len(lines) == 3
    assert lines[2].endswith("Préparez les cartes avec le portail.")
    assert not (tmp_path / "c.pdf").exists()


def test_labels_are_one_a_household_and_need_no_cabinet(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "etiquettes.pdf"
    result = merge("labels", "--source", export, "--out", out, "--sheet", "21", "--json")

    assert json.loads(result.stdout)["written"] == 16
    assert out.read_bytes().startswith(b"%PDF")


def test_emails_are_files_that_a_mail_program_opens(export: Path, cabinet: Path, tmp_path: Path) -> None:
    out = tmp_path / "mails"
    result = merge("emails", "--source", export, "--cabinet-file", cabinet, "--out", out, "--json")

    document = json.loads(result.stdout)
    files = sorted(out.iterdir())
    assert document["written"] == len(files) > 5
    message = message_from_bytes(files[0].read_bytes(), policy=default)
    assert "cabinet@exemple.fr" in str(message["From"])
    assert "date de naissance du patient" in str(message.get_body(("plain",)))
    lacking = next(p["sentence"] for p in document["problems"])
    assert lacking.endswith("aucune adresse e-mail n’est connue. Complétez la fiche, ou choisissez la lettre.")
    if os.name != "nt":
        assert out.stat().st_mode & 0o077 == 0, "links are for whoever asked for them alone"
    again = merge("emails", "--source", export, "--cabinet-file", cabinet, "--out", out)
    assert (again.exit_code, again.stderr.splitlines()[-1]) == (
        5,
        f"« {out} » existe déjà et n’est pas vide. Donnez un dossier vide, ou un nom nouveau.",
    )
    assert sorted(out.iterdir()) == files


def test_sms_are_one_file_for_a_gateway(export: Path, cabinet: Path, tmp_path: Path) -> None:
    out = tmp_path / "sms.csv"
    result = merge("sms", "--source", export, "--cabinet-file", cabinet, "--out", out, "--json")

    lines = out.read_text("utf-8-sig").splitlines()
    assert lines[0] == '"Numéro";"Message";"Référence"'
    assert json.loads(result.stdout)["written"] == len(lines) - 1
    assert lines[1].startswith('"0033')
    assert [path.name for path in tmp_path.iterdir()] == ["cabinet.json", "sms.csv"]


def test_an_unknown_field_is_told_with_its_place_in_the_file(export: Path, cabinet: Path, tmp_path: Path) -> None:
    template = tmp_path / "texte.txt"
    template.write_text("Objet\n\nMadame @DNOMM, voici\n", encoding="utf-8")
    out = tmp_path / "mails"
    result = merge("emails", "--source", export, "--cabinet-file", cabinet, "--template", template, "--out", out)

    assert result.exit_code == 4
    assert result.stderr.splitlines()[-1] == (
        "texte.txt, ligne 3, colonne 8 : le champ « @DNOMM » n’existe pas. Vouliez-vous dire « @DNOM » ?"
    )
    assert not out.exists()


def test_an_unknown_field_of_a_letter_is_found_before_anything_is_written(
    export: Path, cabinet: Path, tmp_path: Path
) -> None:
    template = tmp_path / "lettre.toml"
    template.write_text(
        'title = "Lettre"\nreferences = []\nplace_and_date = "le @DATE"\n[letterhead]\ntitle = "@TITRE"\n'
        '[[blocks]]\ntype = "paragraph"\nruns = [{ text = "Bonjour @PPRENN" }]\n',
        encoding="utf-8",
    )
    out = tmp_path / "lettres.pdf"
    result = merge("letters", "--source", export, "--cabinet-file", cabinet, "--template", template, "--out", out)

    assert result.exit_code == 4
    assert result.stderr.splitlines()[-1].startswith("lettre.toml, ligne 8, colonne 27 : le champ « @PPRENN »")
    assert not out.exists()


@pytest.mark.parametrize(
    ("given", "code", "sentence"),
    [
        ({"--source": "Z:/nulle-part"}, 2, "Le dossier d’export Z:/nulle-part n’existe pas"),
        ({"--only": "99"}, 4, "Aucun patient n’a le numéro 99 dans l’export."),
        ({"--template": "absent.toml"}, 4, "Le modèle absent.toml ne peut pas être lu"),
        ({"--out": "/nulle/part/l.pdf"}, 5, "le dossier n’existe pas"),
    ],
)
def test_whatever_is_wrong_is_a_sentence(
    export: Path, cabinet: Path, given: dict[str, str], code: int, sentence: str
) -> None:
    usual = {"--source": str(export), "--cabinet-file": str(cabinet), "--out": str(cabinet.parent / "l.pdf")}
    result = merge("letters", *(part for pair in (usual | given).items() for part in pair))

    assert result.exit_code == code
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert [path.name for path in cabinet.parent.iterdir()] == ["cabinet.json"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signatury": "X"}, "une clé inconnue, « signatury ». Vouliez-vous dire « signatory » ?"),
        ({"code": 5}, "ou une valeur n’y convient pas\u00a0: «\u00a0code\u00a0» doit être un texte entre guillemets."),
        ({"zones": 5}, "ou une valeur n’y convient pas\u00a0: «\u00a0zones\u00a0» doit être une table."),
    ],
)
def test_a_cabinet_file_that_is_wrong_is_told(
    export: Path, tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    cabinet = described(tmp_path, **changes)
    result = merge("letters", "--source", export, "--cabinet-file", cabinet, "--out", tmp_path / "l.pdf")

    assert result.exit_code == 4
    assert sentence in result.stderr


def test_a_cabinet_file_without_a_source_is_told(cabinet: Path, tmp_path: Path) -> None:
    result = merge("letters", "--cabinet-file", cabinet, "--out", tmp_path / "l.pdf")

    assert result.stderr.splitlines()[-1] == (
        "Il manque l’option --source. Avec --cabinet-file, donnez le dossier de l’export."
    )


def test_a_computer_without_a_keyring_is_told(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.get_keyring", null.Keyring)
    config = tmp_path / "sync.toml"
    config.write_text('portal = "https://www.webortho.fr"\ncabinet = "dijon21"\n', encoding="utf-8")
    result = merge("letters", "--config", config, "--source", export, "--out", tmp_path / "l.pdf")

    assert result.exit_code == 4
    assert result.stderr.splitlines()[-1].startswith("Ce poste n’a pas de trousseau de clés")


def options(export: Path, cabinet: Path) -> tuple[object, ...]:
    return "--source", export, "--cabinet-file", cabinet


def test_letters_are_bound_as_the_options_say(export: Path, cabinet: Path, tmp_path: Path) -> None:
    given = options(export, cabinet)
    each = merge("letters", *given, "--out", tmp_path / "each", "--one-file-each", "--sort", "numero")
    lots = merge("letters", *given, "--out", tmp_path / "lots.zip", "--batch", 5, "--duplex", "--index", "--mail-house")

    names = sorted(file.name for file in (tmp_path / "each").iterdir())
    numbers = [int(name.split()[1]) for name in names]
    assert numbers == sorted(numbers)
    assert each.stdout == f"{len(names)}\u00a0lettres\u00a0: {tmp_path / 'each'}\n"
    count = -(-len(names) // 2)
    with zipfile.ZipFile(tmp_path / "lots.zip") as archive:
        assert archive.namelist() == [
            "LISEZ-MOI.txt",
            "destinataires.csv",
            "index.pdf",
            *(f"lot {place:02} sur {count:02}.pdf" for place in range(1, count + 1)),
        ]
    assert lots.exit_code == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            ("--one-file-each", "--batch", "3"),
            "--one-file-each et --batch s’excluent. Choisissez l’une de ces options.",
        ),
        (
            ("--format", "docx", "--duplex"),
            (
                "Un document Word n’a ni index, ni versos blancs, ni tableau pour un routeur. "
                "Choisissez le PDF, ou retirez ces options."
            ),
        ),
    ],
)
def test_options_that_do_not_go_together_are_told(
    given: tuple[str, ...], sentence: str, export: Path, cabinet: Path, tmp_path: Path
) -> None:
    result = merge("letters", *options(export, cabinet), "--out", tmp_path / "l", *given)

    assert (result.exit_code, result.stderr) == (4, f"{sentence}\n")
    assert not (tmp_path / "l").exists()


def test_who_is_missing_is_kept_and_taken_again(export: Path, cabinet: Path, tmp_path: Path) -> None:
    source = tmp_path / "export"
    shutil.copytree(export, source)
    contacts = source / "destinataires.csv"
    whole = contacts.read_bytes()
    contacts.write_bytes(whole.replace(b";21000;", b";;"))
    given = options(source, cabinet)
    first = merge("letters", *given, "--out", tmp_path / "a.pdf", "--refused", tmp_path / "r.txt", "--json")
    document = json.loads(first.stdout)
    refused = list(dict.fromkeys(problem["number"] for problem in document["problems"]))
    lines = (tmp_path / "r.txt").read_text("utf-8").splitlines()
    contacts.write_bytes(whole)
    again = merge(
        "letters", *given, "--out", tmp_path / "b.pdf", "--only-from", tmp_path / "r.txt",
        "--refused", tmp_path / "r.txt", "--json",
    )  # fmt: skip
    second = json.loads(again.stdout)

    assert [line.partition("\t")[0] for line in lines if not line.startswith("# ")] == refused
    assert any("il manque le code postal" in line for line in lines)
    assert second["written"] + len({problem["number"] for problem in second["problems"]}) == len(refused)
    assert second["written"] > 0
    assert (tmp_path / "r.txt").read_text("utf-8").count("\n") == 1 + 2 * len(second["problems"])


def test_of_two_parents_only_the_one_who_was_refused_is_taken_again(
    export: Path, cabinet: Path, tmp_path: Path
) -> None:
    source = tmp_path / "export"
    shutil.copytree(export, source)
    contacts = source / "destinataires.csv"
    lines = contacts.read_bytes().splitlines(keepends=True)
    place, father = next((place, line) for place, line in enumerate(lines) if re.match(rb"\d+;2;", line))
    lines[place] = re.sub(rb";\d{5};", b";;", father)
    number = father.split(b";")[0].decode()
    contacts.write_bytes(b"".join(lines))
    given, listed = options(source, cabinet), tmp_path / "r.txt"
    both = ("--only", number, "--both-parents", "--refused", listed)
    first = merge("letters", *given, "--out", tmp_path / "a.pdf", *both)
    assert (first.exit_code, first.stdout.startswith("1\u00a0lettre")) == (1, True), first.output

    lines[place] = father
    contacts.write_bytes(b"".join(lines))
    for also in ((), ("--both-parents",)):
        again = merge("letters", *given, "--out", tmp_path / "b.pdf", "--only-from", listed, *also, "--json")
        assert json.loads(again.stdout)["written"] == 1
    renamed = father.replace(father.split(b";")[3], b"AUTREMENT")
    lines[place] = renamed
    contacts.write_bytes(b"".join(lines))
    written = [
        json.loads(merge("letters", *given, "--out", tmp_path / "c.pdf", "--only-from", listed, *also, "--json").stdout)
        for also in ((), ("--both-parents",))
    ]
    assert [one["written"] for one in written] == [1, 2], "nobody is forgotten for a corrected name"


def test_a_household_s_missing_letter_is_each_child_s(export: Path, cabinet: Path, tmp_path: Path) -> None:
    source = tmp_path / "export"
    shutil.copytree(export, source)
    contacts = source / "destinataires.csv"
    whole = contacts.read_bytes()
    contacts.write_bytes(re.sub(rb"\n(480[89];[^\n]*);\d{5};", rb"\n\1;;", whole))
    given = (*options(source, cabinet), "--household")
    family = ("--only", "4808", "--only", "4809", "--refused", tmp_path / "r.txt")
    first = merge("letters", *given, "--out", tmp_path / "a.pdf", *family)
    contacts.write_bytes(whole)
    again = merge("letters", *given, "--out", tmp_path / "b.pdf", "--only-from", tmp_path / "r.txt")

    lines = first.stdout.splitlines()
    assert lines[1] == "1\u00a0destinataire manque\u00a0:"
    assert [line.split()[1] for line in lines[2:]] == ["4808", "4809"], "one letter, and each child is named"
    assert again.stdout.startswith("1\u00a0lettre"), again.output
    assert "4808 et 4809" in " ".join(Pages(tmp_path / "b.pdf").lines()).replace("\u00a0", " ")


def test_a_list_without_a_patient_prints_nobody_rather_than_everybody(
    export: Path, cabinet: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "r.txt"
    listed.write_text("# Ceux qui manquent\n\n", encoding="utf-8")
    result = merge("letters", *options(export, cabinet), "--out", tmp_path / "l.pdf", "--only-from", listed)

    assert result.exit_code == 4
    assert result.stderr == f"Le fichier «\u00a0{listed}\u00a0» ne nomme aucun patient. Vérifiez --only-from.\n"
    assert not (tmp_path / "l.pdf").exists()


def test_who_lacks_several_things_is_missing_once(export: Path, cabinet: Path, tmp_path: Path) -> None:
    changed = tmp_path / "export"
    shutil.copytree(export, changed)
    addressees = changed / "destinataires.csv"
    given = addressees.read_text(encoding="cp1252")
    wrong = given.replace("4 rue de l'Exemple;;21000", f"{'Bâtiment ' * 6};;")
    assert wrong != given
    addressees.write_text(wrong, encoding="cp1252", newline="")
    chosen = ("--only", "5312", "--out", tmp_path / "l.pdf")
    result = merge("letters", "--source", changed, "--cabinet-file", cabinet, *chosen)

    assert result.exit_code == 1
    _, head, *problems = result.stdout.splitlines()
    assert head == "1\u00a0destinataire manque\u00a0:"
    assert len(problems) == 2
    assert "il manque le code postal" in problems[0]
    assert "a 53 caractères" in problems[1]


def test_a_list_that_cannot_be_written_is_told_beside_the_letters(export: Path, cabinet: Path, tmp_path: Path) -> None:
    result = merge(
        "letters", *options(export, cabinet), "--out", tmp_path / "l.pdf", "--refused", tmp_path / "absent" / "r.txt"
    )

    assert result.exit_code == 5
    assert (tmp_path / "l.pdf").exists()
    assert "n’a pas pu être écrit (le dossier n’existe pas)." in result.stdout


def test_envelopes_follow_the_letters(export: Path, cabinet: Path, tmp_path: Path) -> None:
    need("pdftotext")
    given = (*options(export, cabinet), "--sort", "nom")
    merge("letters", *given, "--out", tmp_path / "l.pdf")
    result = merge("envelopes", *given, "--out", tmp_path / "e.pdf", "--size", "c5", "--sender")

    count = int(result.stdout.split()[0])
    assert result.stdout == f"{count}\u00a0enveloppes\u00a0: {tmp_path / 'e.pdf'}\n"
    with pikepdf.open(tmp_path / "l.pdf") as letters, pikepdf.open(tmp_path / "e.pdf") as envelopes:
        with letters.open_outline() as ours, envelopes.open_outline() as theirs:
            assert [one.title for one in ours.root] == [one.title for one in theirs.root]
        assert len(envelopes.pages) == count
    assert "Cabinet du Parc" in Pages(tmp_path / "e.pdf").text()


def test_labels_begin_on_a_used_sheet(export: Path, cabinet: Path, tmp_path: Path) -> None:
    given = ("labels", *options(export, cabinet), "--out", tmp_path / "e.pdf", "--sheet", "14")
    merge(*given, "--start", 14)
    with pikepdf.open(tmp_path / "e.pdf") as pdf:
        assert len(pdf.pages) >= 2

    result = merge(*given, "--start", 15)
    assert result.exit_code == 4
    assert "la planche en a 14" in result.stderr
