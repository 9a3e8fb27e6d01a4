from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0014_approvals_stay_as_asked'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='bankline',
            name='bank_line_waiting',
        ),
        migrations.AddField(
            model_name='bankline',
            name='matched_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='bankline',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['matched_at'], name='bank_line_to_match'),
        ),
    ]
