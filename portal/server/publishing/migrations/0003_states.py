"""An index of all that a night asks of all dossiers, in place of the one of their cabinets."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cabinets', '0001_initial'),
        ('publishing', '0002_identity'),
    ]

    operations = [
        migrations.AlterField(
            model_name='publisheddossier',
            name='cabinet',
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, to='cabinets.cabinet'
            ),
        ),
        migrations.AddIndex(
            model_name='publisheddossier',
            index=models.Index(
                fields=['cabinet', 'withdrawn_at', 'number', 'digest', 'identity'], name='dossier_states'
            ),
        ),
    ]
