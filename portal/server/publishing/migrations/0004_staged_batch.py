"""An index of what was staged by batch: each batch that comes looks for the one that had its place."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0003_states'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='stageddossier',
            index=models.Index(fields=['cabinet', 'run', 'batch'], name='staged_batch'),
        ),
    ]
