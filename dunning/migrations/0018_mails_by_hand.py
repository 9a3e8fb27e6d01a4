"""Mails that people write by hand, which leave through the gate that notices leave through, and answers to them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0013_attachments_and_insurers'),
        ('dunning', '0017_leaner_notice_items'),
        ('invoices', '0034_cases_of_known_disputes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=20)),
                ('to_address', models.CharField(blank=True, max_length=254)),
                ('language', models.CharField(max_length=10)),
                ('subject', models.CharField(blank=True, max_length=250)),
                ('body_text', models.TextField(blank=True)),
                ('body_html', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('claimed', 'Being prepared'), ('sending', 'Sending'), ('accepted', 'Accepted by the provider'), ('unknown', 'Unknown – check'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='proposed', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('reason_text', models.TextField(blank=True)),
                ('message_id', models.CharField(blank=True, default='', max_length=120)),
                ('provider_id', models.CharField(blank=True, default='', max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('claim_token', models.UUIDField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('sending_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('token', models.UUIDField(unique=True)),
                ('written_subject', models.CharField(max_length=200)),
                ('written_body', models.TextField()),
                ('copies_to', django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), blank=True, db_default=[], default=list, size=None)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('amount', models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=19)),
                ('attaches_invoices', models.BooleanField(db_default=False, default=False)),
                ('attaches_statement', models.BooleanField(db_default=False, default=False)),
                ('attachments', models.JSONField(blank=True, db_default=[], default=list)),
                ('accepted_warnings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, db_default=[], default=list, size=None)),
                ('as_of', models.DateField()),
                ('sent_on', models.DateField(blank=True, null=True)),
                ('pay_by', models.DateField(blank=True, null=True)),
                ('answers', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='dunning.inboundmessage')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.contact')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.legalentity')),
                ('pay_link', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='invoices.paylink')),
                ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dunning.noticetemplate')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='inboundmessage',
            name='own_message',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='dunning.ownmessage'),
        ),
        migrations.CreateModel(
            name='OwnMessageItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=80)),
                ('due_on', models.DateField()),
                ('open_amount', models.DecimalField(decimal_places=4, max_digits=19)),
                ('asked_amount', models.DecimalField(decimal_places=4, max_digits=19)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('instalment', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='invoices.instalment')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_message_items', to='invoices.invoice')),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='dunning.ownmessage')),
            ],
        ),
        migrations.AddIndex(
            model_name='ownmessage',
            index=models.Index(condition=models.Q(('state', 'approved')), fields=['due_at'], name='own_message_due'),
        ),
        migrations.AddIndex(
            model_name='ownmessage',
            index=models.Index(condition=models.Q(('state__in', ['claimed', 'sending'])), fields=['claimed_at'], name='own_message_in_hand'),
        ),
        migrations.AddIndex(
            model_name='ownmessage',
            index=models.Index(fields=['customer', '-as_of'], name='own_message_by_customer'),
        ),
        migrations.AddIndex(
            model_name='ownmessage',
            index=models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='own_message_by_message_id'),
        ),
        migrations.AddIndex(
            model_name='ownmessage',
            index=models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='own_message_by_provider'),
        ),
        migrations.AddConstraint(
            model_name='ownmessage',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'approved', 'claimed', 'sending', 'accepted', 'unknown', 'failed', 'cancelled'])), name='own_message_state_known'),
        ),
        migrations.AddConstraint(
            model_name='ownmessage',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), models.Q(('amount__gt', 0), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='own_message_amount_has_currency'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownmessage',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'accepted\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='15c6427177493290158c84e7ad8c7efe6859754e', operation='UPDATE', pgid='pgtrigger_no_update_0a3b3', table='dunning_ownmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownmessage',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'sending\', \'accepted\', \'unknown\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2b405be0b7cea8950e8259a3f8e8aaf7c0713ed2', operation='DELETE', pgid='pgtrigger_no_delete_500a3', table='dunning_ownmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownmessage',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='ec4b07956825777b67fbd48367330deca6fb7472', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_433c8', table='dunning_ownmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownmessage',
            trigger=pgtrigger.compiler.Trigger(name='releases_touch', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IN (\'approved\', \'cancelled\', \'failed\') AND OLD."state" IN (\'claimed\', \'sending\', \'unknown\'))', func="\n            UPDATE customers_contacttouch SET released_at = now()\n            WHERE source = concat('own:', NEW.id) AND released_at IS NULL ;\n            RETURN NULL;\n        ", hash='6a6b37f343d7b9e5374a93e448ccaeea6dd1210a', operation='UPDATE OF "state"', pgid='pgtrigger_releases_touch_89d67', table='dunning_ownmessage', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='ownmessageitem',
            constraint=models.UniqueConstraint(fields=('message', 'invoice', 'instalment'), name='own_message_item_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='ownmessageitem',
            constraint=models.CheckConstraint(condition=models.Q(('asked_amount__gte', 0)), name='own_message_item_not_negative'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownmessageitem',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b0050d8ad9e967837aa9d771c98cd4c685b58a62', operation='UPDATE', pgid='pgtrigger_no_update_a5a08', table='dunning_ownmessageitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownmessageitem',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='9349ea80b04e2fd29bc11fd551f809ed644f47d4', operation='DELETE', pgid='pgtrigger_no_delete_3e60d', table='dunning_ownmessageitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ownmessageitem',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='4ffc30d7d0d06b4af21f98c02ed8b665bee81a9f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0ea6e', table='dunning_ownmessageitem', when='BEFORE')),
        ),
    ]
