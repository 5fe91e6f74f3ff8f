"""An index of whose photo is whose: each commit looks for those that nobody has any more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0004_staged_batch'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='publisheddossier',
            index=models.Index(fields=['cabinet', 'photo_digest'], name='dossier_photo'),
        ),
    ]
