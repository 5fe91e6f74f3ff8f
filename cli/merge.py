"""`webortho merge`: letters, cards, labels, envelopes, e-mails and SMS as files, with the portal's codes or without it.

Exit codes: 0 all written; 1 written without somebody, who is listed with the reason; 2 source or mapping unusable;
3 portal unreachable or refusing; 4 a wrong command line, template or configuration; 5 the output cannot be written.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from app.desk.message_files import MessageFiles
from app.desk.printing import PaperFormat, PrintReport
from app.desk.texts import TextError, email_text, letter_set, read_bytes, read_text
from cabinet.suggestions import did_you_mean
from cli.merge_docx import docx
from cli.merge_options import Where, cabinet_alone, common, today
from cli.merge_output import end, located, of_messages, of_paper, unreachable
from cli.merge_paper import BINDING, binding_of, bound, household, ordered
from cli.output import ProgressDisplay, errors_told
from cli.paths import FILE
from merge.emails.message import compile_email
from merge.letters.html import letter_emails
from merge.letters.labels import LabelSheet, write_labels
from merge.letters.letter_file import read_letter
from merge.letters.model import LetterSet
from merge.letters.output.envelopes import EnvelopeSize
from merge.letters.output.order import Order, in_order
from merge.letters.poster import PosterSize
from merge.letters.shipped import SHIPPED_BY_NAME, SHIPPED_LETTERS, shipped_letters
from merge.preparing import Setting, Texts, record_for
from merge.recipients import ChannelKind
from merge.record import CabinetFacts
from merge.template import compile_template
from merge.texts import Audience

FORMATS = [form.value for form in PaperFormat]


def _list_templates(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        for letter in SHIPPED_LETTERS:
            click.echo(f"{letter.name:<10} {letter.description}")
        context.exit()


@click.group()
def command() -> None:
    """Fusionne lettres, cartes d’accès, étiquettes, enveloppes, e-mails et SMS dans des fichiers, et dessine l’affiche.

    Codes de sortie : 0 tout est écrit ; 1 écrit, mais sans les destinataires listés ; 2 export ou mapping
    inutilisable ; 3 portail injoignable ou refus du portail ; 4 commande, modèle ou configuration à corriger ;
    5 fichier impossible à écrire.
    """


command.add_command(docx)


@command.command()
@common
@click.option(
    "--template",
    type=FILE,
    metavar="NOM|FICHIER",
    help="Un modèle fourni (--list-templates) ou un fichier .toml, à la place des lettres du cabinet.",
)
@click.option(
    "--list-templates",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_templates,
    help="Dit le nom des modèles fournis, et s’arrête.",
)
@click.option(
    "--format", "form", type=click.Choice([one.value for one in PaperFormat]), default="pdf", help="PDF ou Word."
)
@household
@ordered
@bound
def letters(*, template: Path | None, form: str, order: str, grouped: bool, out: Path, **options: Any) -> None:
    """Des lettres, une par enfant et destinataire, dans un seul fichier ou dans un dossier."""
    chosen_binding = {name: options.pop(name) for name in BINDING}
    at = Where(**options)
    with errors_told(as_json=at.as_json), ProgressDisplay() as display:
        binding = binding_of(**chosen_binding)
        dossiers = at.read_source()
        selection = at.select(dossiers, ChannelKind.LETTER, grouped=grouped)
        with at.bench(dossiers) as bench, located(template):
            chosen = _letters_of(template, at) if template else bench.texts.letters(bench.settings)
            report = bench.press.letters(
                in_order(Order(order), selection.recipients),
                chosen,
                out,
                form=PaperFormat(form),
                binding=binding,
                progress=lambda done, total: display.show("Lettres", done, total),
            )
    end(of_paper("letters", report, unreachable(selection, ChannelKind.LETTER)), at)


@command.command()
@common
def cards(*, out: Path, **options: Any) -> None:
    """Des cartes d’accès, dix par page."""
    at = Where(**options)
    with errors_told(as_json=at.as_json), ProgressDisplay() as display:
        dossiers = at.read_source()
        recipients = at.select_cards(dossiers)
        with at.bench(dossiers) as bench:
            report = bench.press.cards(
                recipients, out, progress=lambda done, total: display.show("Cartes d’accès", done, total)
            )
    end(of_paper("cards", report, ()), at)


@command.command()
@common
@click.option(
    "--sheet", type=click.Choice([one.value for one in LabelSheet]), default="24", help="Étiquettes par page."
)
@click.option(
    "--start", type=int, default=1, metavar="N", help="Commence à l’étiquette N d’une planche entamée, ligne par ligne."
)
@ordered
def labels(*, sheet: str, start: int, order: str, out: Path, **options: Any) -> None:
    """Des étiquettes d’adresse, une par foyer. Rien n’est demandé au portail."""
    at = Where(**options)
    with errors_told(as_json=at.as_json), ProgressDisplay() as display:
        selection = at.select(at.read_source(), ChannelKind.LETTER, grouped=True)
        total = len(selection.recipients)
        setting = Setting(CabinetFacts("", "", "", ""), today())
        printed = write_labels(
            (record_for(one, setting, {}) for one in in_order(Order(order), selection.recipients)),
            out,
            LabelSheet(sheet),
            start=start,
            progress=lambda done: display.show("Étiquettes", done, total),
        )
    report = PrintReport.of(out, printed)
    end(of_paper("labels", report, unreachable(selection, ChannelKind.LETTER)), at)


@command.command()
@cabinet_alone
@click.option(
    "--size", type=click.Choice([one.value for one in PosterSize], case_sensitive=False), default="A4", help="Format."
)
@click.option("--borderless", is_flag=True, help="Pour une imprimante qui imprime jusqu’au bord.")
def poster(*, size: str, borderless: bool, out: Path, **options: Any) -> None:
    """L’affiche de la salle d’attente, avec l’adresse du portail à scanner. Aucun code personnel n’y figure."""
    at = Where(**options)
    with errors_told(as_json=at.as_json), at.bench(()) as bench:
        bench.press.poster(out, size=PosterSize(size), borderless=borderless)
    end(of_paper("poster", PrintReport(out, 1), ()), at)


@command.command()
@common
@click.option("--size", type=click.Choice([one.value for one in EnvelopeSize]), default="dl", help="DL ou C5.")
@click.option("--sender", is_flag=True, help="Imprime aussi le nom et l’adresse du cabinet.")
@household
@ordered
def envelopes(*, size: str, sender: bool, order: str, grouped: bool, out: Path, **options: Any) -> None:
    """Des enveloppes sans fenêtre, une par lettre, dans l’ordre des lettres. Aucun code n’est fait."""
    at = Where(**options)
    with errors_told(as_json=at.as_json), ProgressDisplay() as display:
        dossiers = at.read_source()
        selection = at.select(dossiers, ChannelKind.LETTER, grouped=grouped)
        with at.bench(dossiers) as bench:
            report = bench.press.envelopes(
                in_order(Order(order), selection.recipients),
                out,
                EnvelopeSize(size),
                sender=sender,
                together=grouped,
                progress=lambda done, total: display.show("Enveloppes", done, total),
            )
    end(of_paper("envelopes", report, unreachable(selection, ChannelKind.LETTER)), at)


@command.command()
@common
@click.option(
    "--template",
    type=FILE,
    metavar="NOM|FICHIER",
    help="Un texte (.txt\u00a0: l’objet, une ligne vide, le message), ou une lettre (son nom, ou un .toml).",
)
def emails(*, template: Path | None, out: Path, **options: Any) -> None:
    """Des e-mails, un fichier .eml chacun, dans un dossier nouveau ou vide."""
    at = Where(**options)
    with errors_told(as_json=at.as_json), ProgressDisplay() as display:
        dossiers = at.read_source()
        selection = at.select(dossiers, ChannelKind.EMAIL)
        with at.bench(dossiers) as bench, located(template):
            texts = _email_texts(template, at) if template else bench.texts.texts(bench.settings)
            display.show("E-mails")
            report = MessageFiles(bench, texts, dt.datetime.now().astimezone()).emails(selection.recipients, out)
    end(of_messages("emails", report, unreachable(selection, ChannelKind.EMAIL)), at)


@command.command()
@common
@click.option("--template", type=FILE, help="Texte du SMS (.txt).")
def sms(*, template: Path | None, out: Path, **options: Any) -> None:
    """Des SMS dans un fichier CSV, pour la passerelle de votre choix."""
    at = Where(**options)
    with errors_told(as_json=at.as_json), ProgressDisplay() as display:
        dossiers = at.read_source()
        selection = at.select(dossiers, ChannelKind.SMS)
        with at.bench(dossiers) as bench, located(template):
            text = read_text(template).strip("\n") if template else bench.texts.sms()
            texts = Texts({}, compile_template(text))
            display.show("SMS")
            report = MessageFiles(bench, texts, dt.datetime.now().astimezone()).sms(selection.recipients, out)
    end(of_messages("sms", report, unreachable(selection, ChannelKind.SMS)), at)


def _email_texts(template: Path, at: Where) -> Texts:
    """In the words of a letter, or of a text for everybody."""
    if str(template) in SHIPPED_BY_NAME or template.suffix == ".toml":
        return Texts(letter_emails(_letters_of(template, at)))
    return Texts(dict.fromkeys(Audience, compile_email(email_text(read_text(template)))))


def _letters_of(template: Path, at: Where) -> LetterSet:
    """The shipped letters of that name, else the file's letter for everybody."""
    if str(template) in SHIPPED_BY_NAME:
        return shipped_letters(str(template), with_code=at.has_links)
    if not template.suffix and not template.exists():
        todo = did_you_mean(str(template), tuple(SHIPPED_BY_NAME)) or "«\u00a0--list-templates\u00a0» dit leurs noms."
        raise TextError(f"Aucun modèle fourni ne s’appelle «\u00a0{template}\u00a0».", todo)
    own = read_letter(read_bytes(template), with_code=at.has_links)
    return letter_set(own, own, template.parent, family=own if own.speaks_of_each_child() else None)
