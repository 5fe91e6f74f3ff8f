"""One row for a link and the code printed beside it; what is announced gets a handle, an addressee and its medium.

No program could issue personal codes before: the table that held them is empty.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_the_medium(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Printed links were for letters."""
    models.QuerySet(apps.get_model("accounts", "OneTimeLink")).filter(purpose="paper").update(purpose="letter")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("cabinets", "0001_initial")]
    operations = [
        migrations.RemoveField("session", "code"),
        migrations.DeleteModel("PersonalCode"),
        migrations.AddField("onetimelink", "addressee_hash", models.CharField(blank=True, max_length=64)),
        migrations.AddField("onetimelink", "code_hash", models.CharField(blank=True, max_length=64)),
        migrations.AddField("onetimelink", "handle", models.CharField(blank=True, max_length=32)),
        migrations.AddIndex("auditevent", models.Index(fields=["cabinet", "kind", "at"], name="audit_kind")),
        migrations.AddConstraint(
            "onetimelink",
            models.UniqueConstraint(
                condition=models.Q(("handle", ""), _negated=True), fields=("cabinet", "handle"), name="link_handle"
            ),
        ),
        migrations.RunPython(name_the_medium, migrations.RunPython.noop),
    ]
