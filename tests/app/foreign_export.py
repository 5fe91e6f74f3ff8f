"""An export of a program that WebOrtho has never seen: other names, letters for states, no day above 12."""

from pathlib import Path

PATIENTS = tuple(
    (f"{4100 + place}", name, first, f"0{place + 1}/0{9 - place}/2012", "0" if place < 5 else "1")
    for place, (name, first) in enumerate(
        (
            ("MARTEL", "Éloïse"),
            ("OURSEL", "Côme"),
            ("LEFÈVRE", "Inès"),
            ("QUENTIN", "Zoé"),
            ("BELIN", "Hugo"),
            ("CARON", "Anaïs"),
        )
    )
)


def write_foreign_export(folder: Path, *, paid: bool = False) -> Path:
    """Six patients, one of them archived, with two visits and one instalment each; `paid`: what of it, and when."""
    folder.mkdir(parents=True)
    people = ["NumDossier;NomPat;PrenPat;DDN;Archive;Sit"]
    visits = ["NumDossier;DateRdv;HeureRdv;Motif;Presence"]
    owed = ["NumDossier;Libelle;Montant;DateEcheance" + ";MontantRegle;DateReglement" * paid]
    for place, (number, name, first, born, archived) in enumerate(PATIENTS):
        people.append(f"{number};{name};{first};{born};{archived};x")
        visits += [f"{number};0{place + 1}/10/2026;14:10;RVC;H", f"{number};0{place + 1}/11/2026;09:30;RVC;P"]
        settled = f";350,00;0{place + 2}/10/2026" if place < 3 else ";0,00;"
        owed.append(f"{number};Semestre 1;350,00;0{place + 1}/10/2026{settled if paid else ''}")
    for file, lines in {"FICPAT.TXT": people, "AGENDA.TXT": visits, "ECHEANCIER.TXT": owed}.items():
        (folder / file).write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
    return folder
