"""The letter with WeasyPrint, all letters as one page of HTML: `letters_weasyprint.py letters.json OUTPUT.pdf`.

In the form that WeasyPrint lays out fastest: boxes and table of given widths, so that nothing is measured twice (flex
and automatic tables cost half as much again), lines instead of `<br>`, and the code as a small picture (as SVG paths
the letters take twice as long). Batches of letters take as long as one page of HTML.
"""

import io
import json
import sys
from base64 import b64encode
from html import escape
from pathlib import Path

import zxingcpp
from PIL import Image
from weasyprint import HTML

FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
STYLE = f"""
@font-face {{ font-family: Figtree; src: url({(FONTS / "Figtree_400Regular.ttf").as_uri()}) }}
@font-face {{ font-family: Figtree; font-weight: bold; src: url({(FONTS / "Figtree_600SemiBold.ttf").as_uri()}) }}
@font-face {{ font-family: Code; src: url({(FONTS / "AtkinsonHyperlegibleMono_700Bold.ttf").as_uri()}) }}
@page {{ size: A4; margin: 10mm 20mm }}
body {{ font: 11pt/1.42 Figtree; color: #14282d }}
section {{ break-after: page; position: relative }}
.address {{ position: absolute; left: 85mm; top: 40mm; width: 85mm; white-space: pre-line }}
.references {{ position: absolute; top: 40mm; width: 80mm }}
.greeting {{ margin-top: 88mm }}
.beside {{ position: relative; padding-right: 40mm }}
.beside img {{ position: absolute; right: 0; top: 0; width: 30mm; height: 30mm; image-rendering: pixelated }}
p {{ white-space: pre-line }}
table {{ table-layout: fixed; width: 165mm }}
td {{ padding: 1mm 3mm }}
.note {{ background: #fdebd7 }}
.head {{ background: #0a3a44; color: white }}
code {{ font-family: Code }}
"""


def code(text: str) -> str:
    options = {"ec_level": "M", "data_mask": 2}
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **options)
    view = memoryview(barcode.to_image(scale=1, add_quiet_zones=False))
    png = io.BytesIO()
    Image.frombytes("L", (view.shape[1], view.shape[0]), view.tobytes()).convert("1").save(png, "PNG")
    return f'<img src="data:image/png;base64,{b64encode(png.getvalue()).decode()}">'


def letter(values: dict, lines: list[str]) -> str:
    address, beside, below = (escape("\n".join(part)) for part in (values["address"], lines[:6], lines[6:]))
    labels = ("Identifiant de cabinet", "Votre identifiant", "Mot de passe")
    captions = ("Entrez le code", "Votre identifiant étant le", "Votre mot de passe étant")
    typed = ("dijon21", values["number"], values["password"])
    rows = "".join(
        f'<tr><td class="note">{caption}<br>« <code>{value}</code> »</td><td>→</td>'
        f"<td>{label}<br><code>{value}</code></td></tr>"
        for caption, label, value in zip(captions, labels, typed, strict=True)
    )
    return (
        "<section><b>Cabinet d’orthodontie du Parc</b>"
        f'<div class="address">{address}</div>'
        f'<div class="references">Dossier n° <b>{values["number"]}</b><br>Patient : {escape(values["patient"])}</div>'
        f'<p class="greeting">{values["greeting"]},</p>'
        f'<div class="beside"><p>{beside}</p>{code(values["link"])}</div>'
        f'<table><tr><td></td><td></td><td class="head">Consultez votre dossier en ligne</td></tr>{rows}</table>'
        f"<p>{below}</p>"
        f"<p>Veuillez agréer, {values['greeting']}, l’expression de mes salutations les meilleures.</p></section>"
    )


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    body = "".join(letter(values, data["lines"]) for values in data["letters"])
    HTML(string=f'<html lang="fr"><style>{STYLE}</style><body>{body}</body></html>').write_pdf(sys.argv[2])


if __name__ == "__main__":
    main()
