from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0008_contacts_within_budget'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProviderCircuit',
            fields=[
                ('provider', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('failures', models.PositiveIntegerField(db_default=0, default=0)),
                ('opened', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('away_since', models.DateTimeField(blank=True, null=True)),
                ('open_until', models.DateTimeField(blank=True, null=True)),
                ('trying_until', models.DateTimeField(blank=True, null=True)),
                ('last_problem', models.CharField(blank=True, db_default='', default='', max_length=300)),
            ],
        ),
    ]
