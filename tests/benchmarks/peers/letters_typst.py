"""The letter with typst, all letters as one document: `letters_typst.py letters.json OUTPUT.pdf`."""

import json
import sys
from pathlib import Path

import typst
import zxingcpp

FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
SOURCE = r"""
#set page(paper: "a4", margin: (left: 20mm, right: 20mm, top: 10mm, bottom: 10mm))
#set text(font: "Figtree", size: 11pt, lang: "fr", hyphenate: false)
#set par(leading: 0.6em, spacing: 0.7em)
#let data = json("letters.json")
#let code(body) = text(font: "Atkinson Hyperlegible Mono", weight: "bold", body)
#let note(caption, value) = block(fill: rgb("#FDEBD7"), inset: 6pt, width: 100%)[#caption \ « #code(value) »]
#let entry(label, value) = block(inset: 6pt)[#label \ #code(value)]
#for values in data.letters [
  *Cabinet d’orthodontie du Parc*
  #place(top + left, dx: 85mm, dy: 40mm, values.address.join(linebreak()))
  #place(top + left, dy: 40mm)[Dossier n° *#values.number* \ Patient : #values.patient]
  #v(80mm)
  #values.greeting,
  #grid(
    columns: (1fr, 30mm),
    data.lines.slice(0, 6).join(linebreak()),
    image(bytes(values.code), format: (encoding: "luma8", width: values.side, height: values.side), width: 30mm),
  )
  #grid(
    columns: (60mm, 28mm, 82mm),
    row-gutter: 4pt,
    [], [], block(fill: rgb("#0A3A44"), inset: 6pt, width: 100%, text(white)[Consultez votre dossier en ligne]),
    note("Entrez le code", "dijon21"), [→], entry("Identifiant de cabinet", "dijon21"),
    note("Votre identifiant étant le", values.number), [→], entry("Votre identifiant", values.number),
    note("Votre mot de passe étant", values.password), [→], entry("Mot de passe", values.password),
  )
  #data.lines.slice(6).join(linebreak())

  Veuillez agréer, #values.greeting, l’expression de mes salutations les meilleures.
  #pagebreak(weak: true)
]
"""


def with_code(values: dict) -> dict:
    options = {"ec_level": "M", "data_mask": 2}
    barcode = zxingcpp.create_barcode(values["link"], zxingcpp.BarcodeFormat.QRCode, **options)
    view = memoryview(barcode.to_image(scale=1, add_quiet_zones=False))
    return {**values, "code": list(view.tobytes()), "side": view.shape[0]}


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    data["letters"] = [with_code(values) for values in data["letters"]]
    files = {"main.typ": SOURCE.encode(), "letters.json": json.dumps(data).encode()}
    typst.compile(files, output=sys.argv[2], font_paths=[FONTS], ignore_system_fonts=True)


if __name__ == "__main__":
    main()
