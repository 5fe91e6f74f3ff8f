"""How `webortho merge` puts papers into files: their order, one PDF or many, both sides, a mail house."""

import click

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
    click.option("--one-file-each", is_flag=True, help="Un fichier par lettre, dans un dossier (ou un .zip)."),
    click.option(
        "--batch",
        type=click.IntRange(min=1),
        metavar="N",
        help="Des lots de N pages au plus (de N lettres pour Word), dans un dossier (ou un .zip).",
    ),
    click.option("--mail-house", is_flag=True, help="Pour un routeur : dossier (ou .zip) avec le tableau des lettres."),
)
"""The options of a letters' file, for `binding_of`."""


def binding_of(
    *,
    index: bool,
    duplex: bool,
    one_file_each: bool,
    batch: int | None,
    mail_house: bool,
    one_file: bool = False,
    otherwise: Form = Form.ONE,
) -> Binding:
    """What the options ask for; where they say nothing of files, `otherwise`.

    Raise `OptionsError` for several ways to divide letters into files.
    """
    asked = {"--one-file": one_file, "--one-file-each": one_file_each, "--batch": batch}
    named = [name for name, value in asked.items() if value]
    if len(named) > 1:
        raise OptionsError(f"{' et '.join(named)} s’excluent.", "Choisissez l’une de ces options.")
    shapes = {"--one-file": Form.ONE, "--one-file-each": Form.EACH, "--batch": Form.BATCHES}
    return Binding(shapes[named[0]] if named else otherwise, batch or 0, duplex, index, mail_house)
