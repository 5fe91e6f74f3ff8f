"""The letter with ReportLab's platypus, every letter laid out again: `letters_platypus.py letters.json OUTPUT.pdf`."""

import json
import sys
from html import escape
from pathlib import Path

import zxingcpp
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=11, leading=15.6, spaceAfter=6)
ADDRESS = ParagraphStyle("address", parent=BODY, fontSize=11.5, leading=16, spaceAfter=0, leftIndent=85 * mm)
CODE = ParagraphStyle("code", parent=BODY, fontName="Courier-Bold")


class Code(Flowable):
    """A QR code drawn as one path."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.width = self.height = 30 * mm
        options = {"ec_level": "M", "data_mask": 2}
        self.image = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **options).to_image(
            scale=1, add_quiet_zones=False
        )

    def draw(self) -> None:
        view = memoryview(self.image)
        side = view.shape[0]
        unit = self.width / side
        path = self.canv.beginPath()
        for y in range(side):
            for x in range(side):
                if not view[y, x]:
                    path.rect(x * unit, (side - 1 - y) * unit, unit, unit)
        self.canv.drawPath(path, stroke=0, fill=1)


def letter(values: dict, lines: list[str]) -> list[Flowable]:
    labels = ("Identifiant de cabinet", "Votre identifiant", "Mot de passe")
    typed = ("dijon21", values["number"], values["password"])
    captions = ("Entrez le code", "Votre identifiant étant le", "Votre mot de passe étant")
    rows = [["", "", Paragraph("Consultez votre dossier en ligne", BODY)]]
    rows += [
        [
            [Paragraph(caption, BODY), Paragraph(f"« {value} »", CODE)],
            "→",
            [Paragraph(label, BODY), Paragraph(value, CODE)],
        ]
        for caption, label, value in zip(captions, labels, typed, strict=True)
    ]
    form = Table(rows, colWidths=[60 * mm, 28 * mm, 82 * mm])
    form.setStyle(
        [("BOX", (2, 0), (2, -1), 1, HexColor("#6B8288")), ("BACKGROUND", (0, 1), (0, -1), HexColor("#FDEBD7"))]
    )
    text = [Paragraph(escape(line), BODY) for line in lines]
    return [
        Paragraph("Cabinet d’orthodontie du Parc", BODY),
        *(Paragraph(escape(line), ADDRESS) for line in values["address"]),
        Paragraph(f"Dossier n° {values['number']}", BODY),
        Paragraph(escape(f"Patient : {values['patient']}"), BODY),
        Paragraph(f"{values['greeting']},", BODY),
        Table([[text[:6], Code(values["link"])]], colWidths=[130 * mm, 40 * mm]),
        form,
        *text[6:],
        Spacer(1, 10),
        Paragraph(f"Veuillez agréer, {values['greeting']}, l’expression de mes salutations les meilleures.", BODY),
        PageBreak(),
    ]


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    document = BaseDocTemplate(sys.argv[2], pagesize=A4)
    document.addPageTemplates(PageTemplate(frames=[Frame(20 * mm, 10 * mm, 170 * mm, 277 * mm, 0, 0, 0, 0)]))
    document.build([flowable for values in data["letters"] for flowable in letter(values, data["lines"])])


if __name__ == "__main__":
    main()
