"""LibreOffice's own mail merge: `letters_mailmerge.py prepare|merge FOLDER`, on a Python that has its `uno`.

`prepare` makes a data source of FOLDER/letters.json (a CSV, as cabinets export it) and a template of FOLDER/model.docx,
one of our letters, whose values become fields. `merge` then writes FOLDER/mailmerge.pdf, a folder with a PDF each: all
in one, it takes the longer for each letter the more there are.
"""

import csv
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

MODEL = 3
"""Whose letter the template is made of: of a town that is not the cabinet’s, with as many lines as any."""
SOURCE, TABLE = "source", "letters"
STARTS_WITHIN_SECONDS = 60
TO_FILE = 2
PREFIX = "lettre"


def options(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def values(letter):
    lines = {f"address{number}": line for number, line in enumerate(letter["address"])}
    return {**lines, **{name: letter[name] for name in ("number", "patient", "greeting", "password")}}


def start(folder):
    """LibreOffice in a profile of its own, and its context."""
    pipe = f"webortho{time.time_ns()}"
    profile = f"-env:UserInstallation={(folder / 'mailmerge-profile').as_uri()}"
    accept = f"--accept=pipe,name={pipe};urp;"
    office = subprocess.Popen(["soffice", profile, "--headless", "--norestore", "--nologo", accept])
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            return office, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def prepare(folder, make):
    letters = json.loads((folder / "letters.json").read_text(encoding="utf-8"))["letters"]
    data = folder / "data"
    data.mkdir(exist_ok=True)
    names = list(values(max(letters, key=lambda one: len(one["address"]))))
    with (data / f"{TABLE}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(map(values, letters))
    databases = make("com.sun.star.sdb.DatabaseContext")
    source = databases.createInstance()
    source.URL = f"sdbc:flat:{data.as_uri()}"
    source.Info = options(Extension="csv", HeaderLine=True, FieldDelimiter=",", StringDelimiter='"', CharSet="utf-8")
    source.DatabaseDocument.storeAsURL((folder / "source.odb").as_uri(), ())
    databases.registerObject(SOURCE, source)
    document = make("com.sun.star.frame.Desktop").loadComponentFromURL(
        (folder / "model.docx").as_uri(), "_blank", 0, options(Hidden=True)
    )
    # The longest first: the number stands within the password.
    for name, value in sorted(values(letters[MODEL]).items(), key=lambda one: -len(one[1])):
        put_field(document, name, value)
    document.storeAsURL((folder / "template.odt").as_uri(), options(FilterName="writer8"))


def put_field(document, name, value):
    """A field of the data source wherever a value stands."""
    search = document.createSearchDescriptor()
    search.SearchString, search.SearchCaseSensitive = value, True
    found = document.findAll(search)
    masters = document.getTextFieldMasters()
    for number in range(found.Count):
        full = f"com.sun.star.text.fieldmaster.DataBase.{SOURCE}.{TABLE}.{name}"
        if masters.hasByName(full):
            master = masters.getByName(full)
        else:
            master = document.createInstance("com.sun.star.text.FieldMaster.Database")
            master.DataBaseName, master.DataTableName, master.DataColumnName = SOURCE, TABLE, name
        field = document.createInstance("com.sun.star.text.TextField.Database")
        field.attachTextFieldMaster(master)
        place = found.getByIndex(number)
        place.Text.insertTextContent(place, field, True)


def merge(folder, make):
    out = folder / "mailmerge.pdf"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    job = make("com.sun.star.text.MailMerge")
    job.DataSourceName, job.CommandType, job.Command = SOURCE, 0, TABLE
    job.DocumentURL = (folder / "template.odt").as_uri()
    job.OutputType, job.OutputURL, job.FileNamePrefix = TO_FILE, out.as_uri(), PREFIX
    job.SaveFilter, job.SaveAsSingleFile = "writer_pdf_Export", False
    job.execute(())
    for made in out.iterdir():
        made.rename(out / f"{int(made.stem.removeprefix(PREFIX)):05}.pdf")


def main():
    work, folder = {"prepare": prepare, "merge": merge}[sys.argv[1]], Path(sys.argv[2]).resolve()
    office, context = start(folder)
    try:
        work(folder, lambda name: context.ServiceManager.createInstanceWithContext(name, context))
        context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
        office.wait(STARTS_WITHIN_SECONDS)
    finally:
        office.kill()


if __name__ == "__main__":
    main()
