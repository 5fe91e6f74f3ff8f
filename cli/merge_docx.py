"""`webortho merge docx`: letters from a cabinet's own Word document, and a report of its fields."""

from pathlib import Path
from typing import Any, NoReturn

import click
import msgspec

from app.desk.printing import PaperFormat
from app.desk.texts import own_pictures
from cabinet.errors import WebOrthoError
from cli.merge_options import OptionsError, Where, common
from cli.merge_output import end, of_paper, unreachable
from cli.merge_paper import BINDING, binding_of, bound, ordered
from cli.output import ProgressDisplay, errors_told, exit_with
from cli.paths import FILE
from merge.letters.output.binding import Form
from merge.letters.output.order import Order, in_order
from merge.recipients import ChannelKind
from merge.word.output import WordOutput
from merge.word.own_pictures import OwnPictures
from merge.word.story import WordProblem
from merge.word.template import WordTemplateError, load_template
from merge.word.writing import WordWriter

_ALL_ALIKE = "Ce document n’a aucun champ\u00a0: toutes les lettres sont pareilles."


@click.command("docx")
@common
@click.option("--template", type=FILE, required=True, help="Document Word (.docx) avec des @CHAMPS ou des MERGEFIELD.")
@click.option("--one-file", is_flag=True, help="Un seul fichier. Sans cette option ni --batch, un fichier par lettre.")
@click.option(
    "--format",
    "form",
    type=click.Choice([one.value for one in PaperFormat]),
    default=PaperFormat.DOCX.value,
    help="Word, ou PDF si LibreOffice ou Word est installé.",
)
@ordered
@bound
def docx(*, template: Path, one_file: bool, form: str, order: str, out: Path, **options: Any) -> None:
    """Des lettres avec votre document Word : un dossier (ou un .zip) d’un fichier par lettre, des lots, ou un fichier.

    Les champs inconnus du document sont tous listés, avec leur place, avant que rien ne soit écrit.
    """
    chosen = {name: options.pop(name) for name in BINDING}
    at = Where(**options)
    with errors_told(as_json=at.as_json), ProgressDisplay() as display:
        output = WordOutput(binding_of(one_file=one_file, otherwise=Form.EACH, **chosen), pdf=form == PaperFormat.PDF)
        if out.exists() and template.exists() and out.samefile(template):
            raise OptionsError(
                "--out est le modèle lui-même\u00a0: les lettres prendraient sa place.", "Donnez un autre nom."
            )
        writer = _writer(template, own_pictures(at.texts_folder), as_json=at.as_json)
        dossiers = at.read_source()
        selection = at.select(dossiers, ChannelKind.LETTER, grouped=writer.template.per_household)
        with at.bench(dossiers) as bench:
            report = bench.press.word(
                in_order(Order(order), selection.recipients),
                writer,
                out,
                output,
                progress=lambda done, total: display.show("Lettres", done, total),
            )
    document = of_paper("docx", report, unreachable(selection, ChannelKind.LETTER))
    fields = writer.report()
    document = msgspec.structs.replace(
        document,
        fields=tuple(one.token for one in fields.fields),
        never_filled=tuple(one.token for one in fields.never_filled),
        warning=document.warning if fields.fields else _ALL_ALIKE,
    )
    end(document, at)


def _writer(path: Path, pictures: OwnPictures, *, as_json: bool) -> WordWriter:
    try:
        return WordWriter(load_template(path, pictures))
    except WordTemplateError as error:
        _refuse(path, error.problems, as_json=as_json)


def _refuse(path: Path, problems: tuple[WordProblem, ...], *, as_json: bool) -> NoReturn:
    """All that is wrong with the document, a line each."""
    told = [f"{path.name}, {problem.place} : {problem.sentence}" for problem in problems]
    exit_with(WebOrthoError("\n".join(told)), as_json=as_json)
