"""A mail names the patient whom it is about; those that wait already name nobody, and are soon gone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cabinets', '0001_initial'),
        ('mail', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='queuedmail',
            name='number',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='queuedmail',
            index=models.Index(fields=['cabinet', 'number'], name='mail_number'),
        ),
    ]
