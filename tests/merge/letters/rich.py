"""A letter with everything that a letter may hold, of as many pages as the family has children."""

import io

from PIL import Image, ImageDraw

from merge.letters.model import (
    Cell,
    Column,
    EachChild,
    Letterhead,
    LetterSet,
    LetterTemplate,
    Paragraph,
    Picture,
    QrCode,
    Row,
    Run,
    Signature,
    Table,
    WithCode,
)
from merge.letters.pictures import Pictures, print_picture
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import make_record
from tests.merge.letters.conftest import CABINET

SENTENCE = "Le traitement se suit au cabinet, rendez-vous après rendez-vous, avec vous et votre enfant. "
NAMES = ("Lina", "Hugo", "Zoé", "Adam", "Inès", "Noé", "Alix", "Tom", "Léa", "Axel")
LINK = "https://www.webortho.fr/a/dijon21/K7mQ2xv9RtYb4LpZ8sWc3{}"
LETTER = LetterTemplate(
    "Lettre d’essai",
    Letterhead("@TITRE", (("@ADRESSE",), ("Tél. @TELEPHONE", "Fax @FAX")), picture="logo.png"),
    "le @DATE",
    (
        Paragraph((Run("Objet : vos enfants", bold=True),), space_after=3.0),
        Paragraph((Run("@DPOLI,"),)),
        Paragraph((Run(SENTENCE * 3),), align="justified", hyphenate=True),
        Paragraph(
            (
                Run("Un mot "),
                Run("italique", italic=True),
                Run(", "),
                Run("souligné", underline=True),
                Run(", "),
                Run("cuivré", colour="#B45A10", bold=True, italic=True),
                Run(" et grand", size=16.0),
            ),
            align="centre",
        ),
        Paragraph((Run("À droite"),), align="right"),
        Paragraph((Run("Votre carte, et une pièce d’identité. " + SENTENCE),), item="bullet", space_after=1.0),
        Paragraph((Run("Le carnet"),), item="bullet", level=1),
        Paragraph((Run("Premier point"),), item="number", space_after=1.0),
        Paragraph((Run("Deuxième point"),), item="number", space_before=2.0),
        Table(
            (Column(40.0), Column(50.0, "%"), Column(30.0, align="right")),
            (
                Row((Cell((Run("Prénom"),)), Cell((Run("Suite du traitement"),)), Cell((Run("Identifiant"),)))),
                Row(
                    (Cell((Run("@PPREN"),)), Cell((Run(SENTENCE),)), Cell((Run("@ORDRE", code=True),))),
                    each_child=True,
                ),
            ),
            rules="grid",
        ),
        EachChild(
            (
                Paragraph((Run("Pour @PPREN", bold=True),), keep_with_next=True),
                WithCode((Paragraph((Run("Scannez ce code : il est à @PPREN. " + SENTENCE * 2),)),)),
            )
        ),
        Picture("dessin.png", 60.0, "Un dessin", align="centre"),
        QrCode("site", align="right", side=25.0),
        Paragraph((Run(SENTENCE * 7),)),
        Paragraph((Run("Veuillez agréer, @DPOLI, l’expression de nos salutations."),)),
        Signature(picture="signature.png"),
    ),
    (Paragraph((Run("Famille @DNOM", soft=True),), size=10.0),),
    footer="Ces informations sont personnelles : ne les communiquez à personne.",
)


def pictures() -> Pictures:
    """A logo, a drawing and a signature, each another shape in another colour."""
    made = {}
    for name, size, colour in (
        ("logo.png", (600, 300), "#0B5563"),
        ("dessin.png", (300, 200), "#F5A65B"),
        ("signature.png", (400, 150), "#14282D"),
    ):
        image = Image.new("RGB", size, "white")
        ImageDraw.Draw(image).ellipse((8, 8, size[0] - 8, size[1] - 8), outline=colour, width=12)
        out = io.BytesIO()
        image.save(out, "PNG")
        made[name] = print_picture(name, out.getvalue())
    return made


def letters() -> LetterSet:
    return LetterSet(LETTER, LETTER, pictures())


def family(count: int) -> MergeRecord:
    """A mother of `count` children, each with a code of its own."""
    children = tuple(
        make_record(patient={"number": str(5312 + place), "first_name": name}).dossier
        for place, name in enumerate(NAMES[:count])
    )
    secrets = tuple(IssuedSecret(f"{5312 + place}apo", LINK.format(place)) for place in range(count))
    return make_record(cabinet=CABINET, secret=secrets[0], children=children, child_secrets=secrets)
