"""The letter with WeasyPrint, all letters as one page of HTML: `letters_weasyprint.py letters.json OUTPUT.pdf`."""

import json
import sys
from html import escape
from pathlib import Path

import zxingcpp
from weasyprint import HTML

FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
STYLE = f"""
@font-face {{ font-family: Figtree; src: url({(FONTS / "Figtree_400Regular.ttf").as_uri()}) }}
@font-face {{ font-family: Figtree; font-weight: bold; src: url({(FONTS / "Figtree_600SemiBold.ttf").as_uri()}) }}
@font-face {{ font-family: Mono; src: url({(FONTS / "AtkinsonHyperlegibleMono_700Bold.ttf").as_uri()}) }}
@page {{ size: A4; margin: 10mm 20mm }}
body {{ font: 11pt/1.42 Figtree; color: #14282d }}
section {{ break-after: page; position: relative }}
.address {{ position: absolute; left: 85mm; top: 40mm }}
.references {{ position: absolute; top: 40mm }}
.greeting {{ margin-top: 88mm }}
.beside {{ display: flex }}
.beside svg {{ width: 30mm; height: 30mm; margin-left: auto }}
td {{ padding: 1mm 3mm; width: 60mm }}
.note {{ background: #fdebd7 }}
.head {{ background: #0a3a44; color: white }}
code {{ font-family: Mono }}
"""


def code(text: str) -> str:
    options = {"ec_level": "M", "data_mask": 2}
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **options)
    view = memoryview(barcode.to_image(scale=1, add_quiet_zones=False))
    side = view.shape[0]
    dark = "".join(f"M{x} {y}h1v1h-1z" for y in range(side) for x in range(side) if not view[y, x])
    return f'<svg viewBox="0 0 {side} {side}"><path d="{dark}"/></svg>'


def letter(values: dict, lines: list[str]) -> str:
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
        f'<div class="address">{"<br>".join(map(escape, values["address"]))}</div>'
        f'<div class="references">Dossier n° <b>{values["number"]}</b><br>Patient : {escape(values["patient"])}</div>'
        f'<p class="greeting">{values["greeting"]},</p>'
        f'<div class="beside"><p>{"<br>".join(map(escape, lines[:6]))}</p>{code(values["link"])}</div>'
        f'<table><tr><td></td><td></td><td class="head">Consultez votre dossier en ligne</td></tr>{rows}</table>'
        f"<p>{'<br>'.join(map(escape, lines[6:]))}</p>"
        f"<p>Veuillez agréer, {values['greeting']}, l’expression de mes salutations les meilleures.</p></section>"
    )


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    body = "".join(letter(values, data["lines"]) for values in data["letters"])
    HTML(string=f'<html lang="fr"><style>{STYLE}</style><body>{body}</body></html>').write_pdf(sys.argv[2])


if __name__ == "__main__":
    main()
