import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0009_provider_circuits'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrackingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=40)),
                ('event_id', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('sent', 'Sent on'), ('deferred', 'Delayed'), ('delivered', 'Delivered'), ('bounced', 'Bounced'), ('rejected', 'Refused by the provider'), ('complained', 'Complained about'), ('opened', 'Opened (may be automatic)'), ('clicked', 'Link followed (may be automatic)'), ('other', 'Other')], max_length=12)),
                ('is_final', models.BooleanField(db_default=False, default=False)),
                ('message_id', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('provider_id', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('recipient', models.CharField(blank=True, db_default='', default='', max_length=254)),
                ('text', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('processed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.AddIndex(
            model_name='trackingevent',
            index=models.Index(condition=models.Q(('processed_at__isnull', True)), fields=['received_at'], name='tracking_waiting'),
        ),
        migrations.AddIndex(
            model_name='trackingevent',
            index=models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='tracking_by_message'),
        ),
        migrations.AddIndex(
            model_name='trackingevent',
            index=models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='tracking_by_provider_id'),
        ),
        migrations.AddConstraint(
            model_name='trackingevent',
            constraint=models.UniqueConstraint(fields=('provider', 'event_id'), name='tracking_event_once'),
        ),
    ]
