"""How `webortho merge` puts papers into files: their order, one PDF or many, both sides, a mail house."""

import click

from app.desk.printing import PaperFormat
from cli.merge_options import OptionsError, together
from merge.letters.output.binding import Binding, Form
from merge.letters.output.order import Order

BINDING = ("index", "duplex", "one_file_each", "batch", "mail_house")
"""The parameters that `bound` adds."""


household = click.option(
    "--household", "grouped", is_flag=True, help="Une seule lettre par foyer, avec les codes de chaque enfant."
)
ordered = click.option(
    "--sort",
    "order",
    type=click.Choice([one.value for one in Order]),
    default=Order.POSTCODE.value,
    help="Ordre : code postal, nom du destinataire, ou numéro du patient.",
)
bound = together(
    click.option("--index", is_flag=True, help="Ajoute l’index des destinataires, avec la page de chacun."),
    click.option("--duplex", is_flag=True, help="Recto verso : chaque lettre commence sur un recto."),
    click.option("--one-file-each", is_flag=True, help="Un PDF par lettre, dans un dossier (ou un .zip)."),
    click.option(
        "--batch",
        type=click.IntRange(min=1),
        metavar="PAGES",
        help="Des lots de tant de pages au plus, dans un dossier (ou un .zip).",
    ),
    click.option("--mail-house", is_flag=True, help="Pour un routeur : dossier (ou .zip) avec le tableau des lettres."),
)
"""The options of a letters' file, for `binding_of`."""


def binding_of(
    form: PaperFormat, *, index: bool, duplex: bool, one_file_each: bool, batch: int | None, mail_house: bool
) -> Binding:
    """What the options ask for. Raise `OptionsError` for some that do not go together."""
    if one_file_each and batch:
        raise OptionsError("--one-file-each et --batch s’excluent.", "Choisissez l’une des deux options.")
    shape = Form.EACH if one_file_each else Form.BATCHES if batch else Form.ONE
    binding = Binding(shape, batch or 0, duplex, index, mail_house)
    if form is not PaperFormat.PDF and binding != Binding():
        raise OptionsError(
            "Un document Word est toujours un seul fichier de lettres.",
            "Retirez --index, --duplex, --one-file-each, --batch et --mail-house, ou prenez le PDF.",
        )
    return binding
