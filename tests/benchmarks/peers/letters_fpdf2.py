"""The letter with fpdf2: `letters_fpdf2.py letters.json OUTPUT.pdf`."""

import json
import sys
from pathlib import Path

import zxingcpp
from fpdf import FPDF
from PIL import Image

FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
LEADING = 5.5
FACES = {"": "Figtree_400Regular", "B": "Figtree_600SemiBold"}


def document() -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_margins(20, 10, 20)
    pdf.set_auto_page_break(False)
    for style, name in FACES.items():
        pdf.add_font("Figtree", style, FONTS / f"{name}.ttf")
    pdf.add_font("Mono", "", FONTS / "AtkinsonHyperlegibleMono_700Bold.ttf")
    return pdf


def code(text: str) -> Image.Image:
    options = {"ec_level": "M", "data_mask": 2}
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **options)
    view = memoryview(barcode.to_image(scale=1, add_quiet_zones=False))
    return Image.frombytes("L", (view.shape[1], view.shape[0]), view.tobytes())


def write(pdf: FPDF, x: float, y: float, *lines: str, face: str = "Figtree", style: str = "") -> None:
    """Lines that need no breaking, which `cell` shows as they are; the first one's top is at `y`."""
    pdf.set_font(face, style, 11)
    for index, line in enumerate(lines):
        pdf.set_xy(x, y + index * LEADING)
        pdf.cell(text=line)


def flow(pdf: FPDF, x: float, y: float, text: str) -> float:
    """Running text, broken to the column; answers where the next one begins."""
    pdf.set_font("Figtree", "", 11)
    pdf.set_xy(x, y)
    pdf.multi_cell(190 - x, LEADING, text, align="L")
    return pdf.get_y()


def letter(pdf: FPDF, values: dict, lines: list[str]) -> None:
    pdf.add_page()
    write(pdf, 20, 13, "Cabinet d’orthodontie du Parc", style="B")
    write(pdf, 105, 53, *values["address"])
    write(pdf, 20, 53, f"Dossier n° {values['number']}", f"Patient : {values['patient']}")
    write(pdf, 20, 99, f"{values['greeting']},")
    y = flow(pdf, 20, 106, "\n".join(lines[:6]))
    pdf.image(code(values["link"]), 160, 106, 30, 30)
    pdf.set_fill_color("#0A3A44")
    pdf.rect(108, y + 4, 82, 9, "F")
    pdf.set_text_color(255)
    write(pdf, 112, y + 6, "Consultez votre dossier en ligne", style="B")
    pdf.set_text_color(20, 40, 45)
    captions = ("Entrez le code", "Votre identifiant étant le", "Votre mot de passe étant")
    labels = ("Identifiant de cabinet", "Votre identifiant", "Mot de passe")
    typed = ("dijon21", values["number"], values["password"])
    y += 15
    for caption, label, value in zip(captions, labels, typed, strict=True):
        pdf.set_fill_color("#FDEBD7")
        pdf.rect(20, y, 60, 14, "F")
        write(pdf, 23, y + 1, caption)
        write(pdf, 23, y + 7, f"« {value} »", face="Mono")
        write(pdf, 92, y + 4, "→")
        write(pdf, 112, y + 1, label)
        pdf.rect(112, y + 6.5, 72, 7)
        write(pdf, 114, y + 7, value, face="Mono")
        y += 16
    y = flow(pdf, 20, y + 2, "\n".join(lines[6:]))
    flow(pdf, 20, y + 3, f"Veuillez agréer, {values['greeting']}, l’expression de mes salutations les meilleures.")


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    pdf = document()
    for values in data["letters"]:
        letter(pdf, values, data["lines"])
    pdf.output(sys.argv[2])


if __name__ == "__main__":
    main()
