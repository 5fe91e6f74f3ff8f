"""The letter with docxtpl, one document each: `letters_docxtpl.py letters.json FOLDER`."""

import io
import json
import sys
from pathlib import Path

import zxingcpp
from docx import Document
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from PIL import Image


def template(lines: list[str]) -> io.BytesIO:
    document = Document()
    document.add_paragraph("Cabinet d’orthodontie du Parc")
    document.add_paragraph("{%p for line in address %}")
    document.add_paragraph("{{ line }}")
    document.add_paragraph("{%p endfor %}")
    for text in ("Dossier n° {{ number }}", "Patient : {{ patient }}", "{{ greeting }},", "{{ code }}"):
        document.add_paragraph(text)
    table = document.add_table(rows=3, cols=2)
    captions = ("Entrez le code « dijon21 »", "Votre identifiant étant le « {{ number }} »")
    for row, caption, label, value in zip(
        table.rows,
        (*captions, "Votre mot de passe étant « {{ password }} »"),
        ("Identifiant de cabinet", "Votre identifiant", "Mot de passe"),
        ("dijon21", "{{ number }}", "{{ password }}"),
        strict=True,
    ):
        row.cells[0].text = caption
        row.cells[1].text = f"{label} {value}"
    for line in lines:
        document.add_paragraph(line)
    document.add_paragraph("Veuillez agréer, {{ greeting }}, l’expression de mes salutations les meilleures.")
    made = io.BytesIO()
    document.save(made)
    return made


def code(text: str) -> io.BytesIO:
    options = {"ec_level": "M", "data_mask": 2}
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **options)
    view = memoryview(barcode.to_image(scale=8, add_quiet_zones=False))
    png = io.BytesIO()
    Image.frombytes("L", (view.shape[1], view.shape[0]), view.tobytes()).save(png, "PNG")
    return png


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    made = template(data["lines"])
    for index, values in enumerate(data["letters"]):
        made.seek(0)
        document = DocxTemplate(made)
        image = InlineImage(document, code(values["link"]), width=Mm(30))
        document.render({**values, "code": image}, autoescape=True)
        document.save(folder / f"{index:05}.docx")


if __name__ == "__main__":
    main()
