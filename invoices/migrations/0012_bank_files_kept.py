from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0011_displacements'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankfile',
            name='answers',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='bankfile',
            name='asked',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='bankfile',
            name='content',
            field=models.FileField(blank=True, upload_to='bank/%Y/%m/'),
        ),
        migrations.AlterField(
            model_name='bankfile',
            name='state',
            field=models.CharField(choices=[('queued', 'Waits to be read'), ('asking', 'Asks a question'), ('read', 'Read'), ('refused', 'Refused')], max_length=8),
        ),
        migrations.AddIndex(
            model_name='bankfile',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['state'], name='bank_file_queued'),
        ),
    ]
