"""`webortho sync` and exports that look broken: what is refused, how it is told, and how a practitioner confirms it."""

import datetime as dt
from pathlib import Path

import pytest

from sync.errors import GuardRefused, LossesRefused
from sync.journal import Journal
from sync.report import Outcome
from tests.e2e.journey.clinic import HELD_BACK, Clinic, Device, shown_as


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def without_birth_dates(clinic: Clinic) -> None:
    rewrite(clinic.export.folder / "patients.csv", "01/02/2012", "")


# A column that is gone


def test_a_column_that_changed_its_name_overnight_is_told_and_publishes_nothing(published: Clinic) -> None:
    before = published.nightly.shown()
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    rewrite(published.export.folder / "patients.csv", "Naissance", "Date naissance")
    ended = published.nightly.sync()
    assert ended.exit_code == 2
    assert ended.document["what"] == (
        f"La colonne «\u00a0Naissance\u00a0» a disparu du fichier patients.csv depuis la dernière lecture. {HELD_BACK}"
    )
    assert ended.document["todo"] == (
        "Vouliez-vous dire «\u00a0Date naissance\u00a0»\u00a0? Si elle a changé de nom, corrigez "
        "«\u00a0patients.columns.birth_date\u00a0» dans le mapping\u00a0; sinon, refaites l’export."
    )
    assert published.nightly.shown() == before


def test_a_lost_column_is_told_every_night_until_somebody_acts(published: Clinic) -> None:
    rewrite(published.export.folder / "rdv.csv", "Nature", "Autre")
    told = {published.nightly.sync().document["what"] for _ in range(2)}
    assert told == {
        f"La colonne «\u00a0Nature\u00a0» a disparu du fichier rdv.csv depuis la dernière lecture. {HELD_BACK}"
    }
    published.export.write()
    assert published.nightly.sync().exit_code == 0


def test_a_column_that_was_never_there_is_not_said_to_be_gone(clinic: Clinic) -> None:
    rewrite(clinic.export.folder / "patients.csv", "Naissance", "Autre")
    assert clinic.nightly.sync().document["what"] == (
        "La colonne «\u00a0Naissance\u00a0» manque dans le fichier patients.csv («\u00a0patients.columns.birth_date"
        "\u00a0» du mapping)."
    )


# A field that came out empty, and a table that lost its rows, or one of its files


def test_a_small_file_of_a_table_that_is_gone_publishes_nothing_until_a_practitioner_confirms(clinic: Clinic) -> None:
    clinic.export.write()
    rewrite(clinic.export.mapping, '"rdv.csv"', '"rdv*.csv"')
    other = clinic.export.folder / "rdv_site2.csv"
    other.write_text("N;Debut;Nature\n0001;03/02/2026 09:00;POSE\n")
    clinic.nightly.run_here()
    before = clinic.nightly.shown()
    other.unlink()
    for told in clinic.nightly.nights_held_back():
        assert told["what"] == (
            "L’export semble incomplet\u00a0: rdv_site2.csv n’y est plus depuis la dernière synchronisation. "
            f"{HELD_BACK}"
        )
    assert clinic.nightly.shown() == before
    clinic.practitioner.run_here(confirm_losses=True)
    assert shown_as(clinic.nightly.shown()) == clinic.nightly.expected()
    assert clinic.nightly.sync().exit_code == 0


def test_birth_dates_that_are_all_gone_publish_nothing_night_after_night(published: Clinic) -> None:
    before = published.nightly.shown()
    without_birth_dates(published)
    for told in published.nightly.nights_held_back():
        assert "«\u00a0date de naissance\u00a0» pour 0 patient au lieu de 60" in told["what"]
    assert published.nightly.shown() == before
    assert published.practitioner.sync("--confirm-losses").exit_code == 1  # the portal's first visits ask for them


def test_a_field_that_is_empty_almost_everywhere_publishes_nothing(published: Clinic) -> None:
    before = published.nightly.shown()
    text = (published.export.folder / "patients.csv").read_text().splitlines()
    (published.export.folder / "patients.csv").write_text(
        "\n".join([*text[:3], *(line.replace("01/02/2012", "") for line in text[3:]), ""])
    )
    for _ in range(2):
        with pytest.raises(LossesRefused) as refused:
            published.nightly.run_here()
        assert refused.value.what == (
            "L’export semble incomplet\u00a0: «\u00a0date de naissance\u00a0» pour 2 patients au lieu de 60 "
            f"depuis la dernière synchronisation. {HELD_BACK}"
        )
    assert published.nightly.shown() == before


def test_a_practitioner_confirms_for_one_run_what_an_export_really_lost(clinic: Clinic) -> None:
    clinic.export.visits = 3
    clinic.export.write()
    clinic.nightly.run_here()
    clinic.export.visits = 1
    clinic.export.write()
    assert clinic.nightly.sync().exit_code == 1
    assert clinic.nightly.sync("--confirm-losses").exit_code == 3  # the nightly program is no practitioner's device
    ended = clinic.practitioner.sync("--confirm-losses")
    assert (ended.exit_code, ended.document["changed"]) == (0, 60)
    assert shown_as(clinic.nightly.shown()) == clinic.nightly.expected()
    assert clinic.nightly.run_here().status is Outcome.CURRENT
    # What is published now is what the next export is held against.
    clinic.export.visits = 0
    clinic.export.write()
    with pytest.raises(LossesRefused):
        clinic.practitioner.run_here()


def test_a_confirmation_that_nothing_needs_needs_no_right(published: Clinic) -> None:
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    assert published.nightly.run_here(confirm_losses=True).changed == 1


def test_a_dry_run_shows_a_practitioner_what_a_confirmation_would_do(clinic: Clinic) -> None:
    clinic.export.visits = 3
    clinic.export.write()
    clinic.practitioner.run_here()
    clinic.export.visits = 1
    clinic.export.write()
    assert clinic.practitioner.run_here(dry_run=True, confirm_losses=True).changed == 60


def test_a_first_export_without_birth_dates_is_refused_where_the_portal_asks_for_them(clinic: Clinic) -> None:
    without_birth_dates(clinic)
    with pytest.raises(GuardRefused) as refused:
        clinic.nightly.run_here()
    assert str(refused.value) == (
        "Aucun patient de l’export n’a de date de naissance, et la première visite du portail la demande. Rien n’a été "
        "publié\u00a0: le portail montre toujours l’état précédent. Indiquez la colonne de la date de naissance dans "
        "le mapping, ou choisissez pour la première visite le code personnel ou un modèle à partir du numéro."
    )
    assert clinic.nightly.shown().entries == ()


# A file that is cut within its last cell


def cut(clinic: Clinic, name: str, count: int) -> None:
    """The file as it is without its last bytes."""
    file = clinic.export.folder / name
    file.write_bytes(file.read_bytes()[:-count])


@pytest.mark.parametrize("with_memory", [True, False])
def test_a_file_that_ends_within_its_last_cell_publishes_nothing_night_after_night(
    published: Clinic, *, with_memory: bool
) -> None:
    before = published.nightly.shown()
    cut(published, "rdv.csv", 3)
    for _ in range(2):
        if not with_memory:
            next(published.nightly.state.glob("reading-*")).unlink()
        ended = published.nightly.sync()
        assert ended.exit_code == 1
        assert ended.document["what"] == (
            "L’export semble incomplet\u00a0: rdv.csv ne se termine plus par une ligne entière depuis la dernière "
            f"synchronisation. {HELD_BACK}"
        )
    assert published.nightly.shown() == before
    published.export.write()
    assert published.nightly.run_here().status is Outcome.CURRENT


def test_a_file_that_always_ended_within_its_last_line_is_published(clinic: Clinic) -> None:
    cut(clinic, "rdv.csv", 1)
    clinic.nightly.run_here()
    clinic.export.write()
    cut(clinic, "rdv.csv", 3)
    assert clinic.nightly.run_here().changed == 1


def test_a_practitioner_confirms_once_that_files_end_otherwise_now(published: Clinic) -> None:
    cut(published, "rdv.csv", 3)
    assert published.nightly.sync().exit_code == 1
    # Another computer does not know how the file ended; this one is told by its own person.
    published.practitioner.run_here()
    assert published.nightly.run_here().status is Outcome.CURRENT
    published.export.write()
    assert published.practitioner.run_here().changed == 1
    cut(published, "rdv.csv", 3)
    with pytest.raises(LossesRefused):
        published.practitioner.run_here()
    assert published.practitioner.run_here(confirm_losses=True).changed == 1
    cut(published, "rdv.csv", 1)
    assert published.practitioner.run_here().changed == 1


# Columns that changed places


def swap_the_names(clinic: Clinic) -> None:
    rewrite(clinic.export.folder / "patients.csv", "N;Nom;Prenom;", "N;Prenom;Nom;")


def test_names_and_first_names_that_changed_places_publish_nothing_night_after_night(published: Clinic) -> None:
    before = published.nightly.shown()
    swap_the_names(published)
    for told in published.nightly.nights_held_back():
        assert told["what"] == (
            "L’export semble avoir des colonnes échangées ou décalées\u00a0: «\u00a0nom\u00a0» changé pour 60 patients "
            "sur 60, «\u00a0prénom\u00a0» changé pour 60 patients sur 60 depuis la dernière synchronisation. "
            f"{HELD_BACK}"
        )
        assert told["todo"].endswith("pour cette fois. (--confirm-losses) Exemple\u00a0: le patient 0001.")
    with pytest.raises(LossesRefused):  # a computer without any memory of its own
        published.practitioner.run_here()
    assert published.nightly.shown() == before
    published.export.write()
    assert published.nightly.run_here().status is Outcome.CURRENT


def test_a_practitioner_confirms_names_that_were_wrong_until_now(published: Clinic) -> None:
    swap_the_names(published)
    assert published.nightly.sync("--confirm-losses").exit_code == 3
    ended = published.practitioner.sync("--confirm-losses")
    assert (ended.exit_code, ended.document["changed"]) == (0, 60)
    assert shown_as(published.nightly.shown()) == published.nightly.expected()
    assert published.nightly.run_here().status is Outcome.CURRENT


def test_days_and_months_that_changed_places_publish_nothing(clinic: Clinic) -> None:
    """Half of them read well as other days, the rest not at all: neither is published."""
    patients = clinic.export.folder / "patients.csv"
    born = [f"{n:04};NOM-{n:04};Alix;{{}}" for n in range(1, 201)]

    def write(form: str) -> None:
        dates = (form.format(day=1 + n % 28, month=1 + 5 * n % 12) for n in range(200))
        rows = (row.format(date) for row, date in zip(born, dates, strict=True))
        patients.write_text("\n".join(["N;Nom;Prenom;Naissance", *rows, ""]))

    write("{day:02}/{month:02}/2012")
    clinic.nightly.run_here()
    before = clinic.nightly.shown()
    write("{month:02}/{day:02}/2012")
    with pytest.raises(LossesRefused) as refused:
        clinic.nightly.run_here()
    assert "«\u00a0date de naissance\u00a0» changé pour " in refused.value.what
    assert clinic.nightly.shown() == before


# A number that went to another patient


def give_to_another(clinic: Clinic, number: str) -> None:
    """The export as if the practice software had given this number again."""
    clinic.export.names[number] = "AUTRE"
    clinic.export.write()
    file = clinic.export.folder / "patients.csv"
    rewrite(file, f"{number};AUTRE;Alix;01/02/2012", f"{number};AUTRE;Sacha;09/09/2015")


def test_a_number_that_went_to_another_patient_waits_alone(published: Clinic) -> None:
    before = shown_as(published.nightly.shown())
    published.export.names |= {"0060": "CHANGE", "9001": "NOUVEAU"}
    give_to_another(published, "0005")
    for told in published.nightly.nights_held_back():
        assert (told["status"], told["reused"]) == ("held", ["0005"])
    shown = shown_as(published.nightly.shown())
    assert shown["0005"] == before["0005"]
    assert shown["0060"] == published.nightly.expected()["0060"]
    assert "9001" in shown


def test_a_new_computer_holds_such_a_number_without_any_memory_of_its_own(published: Clinic) -> None:
    give_to_another(published, "0005")
    report = published.practitioner.run_here(dry_run=True)
    assert (report.reused, report.changed) == (("0005",), 0)


def test_such_a_number_is_told_with_what_to_do(published: Clinic) -> None:
    give_to_another(published, "0005")
    ended = published.nightly.run(
        "--config", str(published.nightly.config), "--state-dir", str(published.nightly.state)
    )
    assert ended.stdout.splitlines()[1] == (
        "1\u00a0numéro réutilisé en attente\u00a0: nom et date de naissance ont changé, et le portail garde le dossier "
        "d’avant. Si ce sont de nouveaux patients, relancez avec --confirm-reused et ces numéros (0005)."
    )


def test_a_practitioner_gives_a_number_to_its_new_patient(published: Clinic) -> None:
    give_to_another(published, "0005")
    assert published.nightly.sync("--confirm-reused", "0005").exit_code == 3
    ended = published.practitioner.sync("--confirm-reused", "0004, 0005")
    assert (ended.exit_code, ended.document["changed"], ended.document["reused"]) == (0, 1, [])
    assert shown_as(published.nightly.shown()) == published.nightly.expected()
    assert published.nightly.run_here().status is Outcome.CURRENT


def test_a_number_of_a_withdrawn_patient_is_not_anothers_meanwhile(published: Clinic) -> None:
    names = dict(published.export.names)
    del published.export.names["0005"]
    published.export.write()
    published.nightly.run_here()
    published.export.names = names
    give_to_another(published, "0005")
    assert published.practitioner.run_here().reused == ("0005",)
    assert published.nightly.run_here().reused == ("0005",)
    assert "0005" not in shown_as(published.nightly.shown())


def test_an_export_whose_rows_slipped_shows_nobody_another_familys_file(published: Clinic) -> None:
    """Numbers in one column, names and birth dates a row further down: the classic accident of a sorted spreadsheet."""
    published.export.fill(60)
    rows = [f"{n:04};NOM-{(n % 60) + 1:04};Alix-{n};{1 + n % 28:02}/03/2012" for n in range(1, 61)]
    (published.export.folder / "patients.csv").write_text("\n".join(["N;Nom;Prenom;Naissance", *rows, ""]))
    before = shown_as(published.nightly.shown())
    for told in published.nightly.nights_held_back():
        assert told["what"].startswith(
            "L’export semble être celui d’un autre cabinet, ou ses numéros de patients ont changé\u00a0: 60 des 60 "
        )
    assert shown_as(published.nightly.shown()) == before
    assert len(published.practitioner.run_here(confirm_losses=True).reused) == 60
    assert shown_as(published.nightly.shown()) == before


# An export of others, or with everything twice


def test_an_export_of_another_cabinet_publishes_nobody_of_theirs(published: Clinic) -> None:
    before = published.nightly.shown()
    published.export.names = {f"9{number}": f"AUTRE-{number}" for number in published.export.names}
    published.export.write()
    for told in published.nightly.nights_held_back():
        assert "60 des 60 patients du portail n’y sont plus, et 60 autres y sont nouveaux" in told["what"]
    assert published.nightly.shown() == before
    assert published.practitioner.run_here(confirm_losses=True).added == 60


def test_a_table_whose_rows_are_there_twice_publishes_nothing(clinic: Clinic) -> None:
    clinic.export.visits = 4
    clinic.export.write()
    clinic.nightly.run_here()
    before = clinic.nightly.shown()
    visits = clinic.export.folder / "rdv.csv"
    header, rows = visits.read_text().split("\n", 1)
    visits.write_text(f"{header}\n{rows}{rows}")
    for told in clinic.nightly.nights_held_back():
        assert told["what"] == (
            "L’export semble contenir des lignes en double\u00a0: 480\u00a0rendez-vous au lieu de 240 depuis la "
            f"dernière synchronisation. {HELD_BACK}"
        )
    assert clinic.nightly.shown() == before


# A row that cannot be read


def test_a_patient_whose_row_is_refused_stays_on_the_portal_and_nights_stay_one_request(published: Clinic) -> None:
    before = shown_as(published.nightly.shown())
    with (published.export.folder / "patients.csv").open("a") as file:
        file.write("0007;AUTRE;Sacha;09/09/2015\n")
    rewrite(published.export.folder / "patients.csv", "0008;NOM-0008;", "0008;NOM;0008;")
    report = published.nightly.run_here()
    assert (report.withdrawn, report.stayed, report.held) == (0, 2, ())
    assert {group.code for group in report.problems} >= {"duplicate-number", "wrong-columns"}
    assert shown_as(published.nightly.shown()) == before
    again = published.nightly.run_here()
    assert (again.status, again.requests) == (Outcome.CURRENT, 1)
    published.export.names["0001"] = "CHANGE"
    text = (published.export.folder / "patients.csv").read_text().replace("NOM-0001", "CHANGE")
    (published.export.folder / "patients.csv").write_text(text)
    report = published.nightly.run_here()
    assert (report.changed, report.withdrawn, report.stayed) == (1, 0, 2)


def test_a_run_tells_how_many_stay_because_their_row_is_refused(published: Clinic) -> None:
    rewrite(published.export.folder / "patients.csv", "0008;NOM-0008;", "0008;NOM;0008;")
    rewrite(published.export.folder / "patients.csv", "NOM-0001", "CHANGE")
    ended = published.nightly.run(
        "--config", str(published.nightly.config), "--state-dir", str(published.nightly.state)
    )
    assert "Gardés comme ils étaient, leur ligne de l’export étant refusée\u00a0: 1." in ended.stdout.splitlines()


# One patient, explained


def explained(device: Device, number: str) -> list[str]:
    ended = device.run("--config", str(device.config), "--state-dir", str(device.state), "--explain", number)
    assert ended.exit_code == 0, ended.stderr
    return ended.stdout.splitlines()


def test_one_patient_is_explained_and_nothing_is_changed(published: Clinic) -> None:
    before = published.nightly.shown()
    journal = Journal(published.nightly.state, published.portal.address, published.code)
    history = journal.entries()
    published.export.names |= {"0002": "CHANGE", "9001": "NOUVEAU"}
    del published.export.names["0003"]
    give_to_another(published, "0005")
    rewrite(published.export.folder / "patients.csv", "0008;NOM-0008;", "0008;NOM;0008;")
    verdicts = {
        n: explained(published.nightly, n)[1] for n in ("0001", "0002", "9001", "0003", "0005", "0008", "4", "777")
    }
    assert verdicts == {
        "0001": "À jour\u00a0: le portail montre exactement ce que dit l’export.",
        "0002": "À mettre à jour\u00a0: l’export dit autre chose que le portail.",
        "9001": "À ajouter\u00a0: le portail ne montre pas encore ce patient.",
        "0003": "À retirer\u00a0: ce patient n’est plus dans l’export.",
        "0005": "Retenu\u00a0: ce numéro semble passé à un autre patient. Le portail garde le dossier d’avant jusqu’à "
        "ce qu’un praticien confirme.",
        "0008": "Le portail garde le dossier d’avant\u00a0: la ligne du patient est refusée.",
        "4": "Inconnu\u00a0: ce numéro n’a de dossier ni dans l’export, ni sur le portail. "
        "Vouliez-vous dire 0004\u00a0?",
        "777": "Inconnu\u00a0: ce numéro n’a de dossier ni dans l’export, ni sur le portail. "
        "Vérifiez-le dans le logiciel du cabinet.",
    }
    assert published.nightly.shown() == before
    assert journal.entries() == history


def test_a_patient_whom_the_filter_leaves_out_is_told_as_that(published: Clinic) -> None:
    mapping = published.export.mapping
    kept = ", ".join(f'"NOM-{number:04}"' for number in range(1, 60))
    rewrite(mapping, "[patients]\n", f'[patients]\nwhere = {{ column = "Nom", values = [{kept}] }}\n')
    why = (
        "le filtre du mapping («\u00a0patients.where\u00a0») ne retient pas ce patient, d’après la colonne "
        "«\u00a0Nom\u00a0» de l’export."
    )
    last = max(published.export.names)
    assert explained(published.nightly, last)[1] == f"À retirer\u00a0: {why}"
    published.nightly.run_here()
    assert explained(published.nightly, last)[1] == f"Écarté\u00a0: {why}"


def test_a_patient_of_an_export_that_is_published_already_is_explained(published: Clinic) -> None:
    assert explained(published.practitioner, "0001")[1:3] == [
        "À jour\u00a0: le portail montre exactement ce que dit l’export.",
        "NOM-0001 Alix, né(e) le 01/02/2012",
    ]


def test_the_explanation_tells_what_the_export_says_and_what_is_wrong_with_it(published: Clinic) -> None:
    file = published.export.folder / "patients.csv"
    rewrite(file, "0002;NOM-0002;Alix;01/02/2012", "0002;NOM-0002;Alix;31/02/2012")
    lines = explained(published.nightly, "0002")
    assert lines[2].startswith(
        "  patients.csv, ligne 3, colonne «\u00a0Naissance\u00a0»\u00a0: «\u00a031/02/2012\u00a0»"
    )
    assert lines[3] == (
        "Le portail ne montre un dossier publié qu’à un poste d’accueil ou de praticien. "
        "Pour voir ce qui change, faites-le depuis l’un d’eux."
    )
    assert lines[4:] == [
        "NOM-0002 Alix, sans date de naissance",
        "1\u00a0rendez-vous",
        "  01/01/2026 à 10h00 CONT prévu",
        "0\u00a0échéance",
        "0\u00a0ligne d’honoraires",
        "Sans photo",
    ]


def test_at_the_desk_one_patient_is_explained_as_what_would_change(published: Clinic) -> None:
    published.export.names |= {"0002": "CHANGE"}
    del published.export.names["0003"]
    published.export.write()
    rewrite(published.export.folder / "rdv.csv", "0002;01/01/2026 10:00;CONT", "0002;02/01/2026 16:20;COLLE")
    before = published.nightly.shown()
    found = explained(published.practitioner, "0002")
    today = dt.datetime.now().astimezone().strftime("%d/%m/%Y")
    assert found[1] == "À mettre à jour\u00a0: l’export dit autre chose que le portail."
    assert found[2].startswith(f"Publié le {today} à ")
    assert found[3:] == [
        "Du portail à l’export\u00a0:",
        "  Nom\u00a0: NOM-0002 → CHANGE",
        "  − Rendez-vous du 01/01/2026 à 10h00\u00a0: CONT, prévu",
        "  + Rendez-vous du 02/01/2026 à 16h20\u00a0: COLLE, prévu",
    ]
    withdrawn = explained(published.practitioner, "0003")
    assert withdrawn[1] == "À retirer\u00a0: ce patient n’est plus dans l’export."
    assert withdrawn[3:5] == ["NOM-0003 Alix, né(e) le 01/02/2012", "1\u00a0rendez-vous"]
    assert published.nightly.shown() == before
