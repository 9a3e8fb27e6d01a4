

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0005_what_dunning_reads'),
        ('invoices', '0021_invoice_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='paymentplan',
            name='payment_plan_ended_has_a_day',
        ),
        migrations.AddField(
            model_name='currencyrules',
            name='plan_grace_days',
            field=models.PositiveSmallIntegerField(db_default=3, default=3),
        ),
        migrations.AddField(
            model_name='currencyrules',
            name='plan_max_months',
            field=models.PositiveSmallIntegerField(db_default=6, default=6),
        ),
        migrations.AddField(
            model_name='currencyrules',
            name='plan_max_parts',
            field=models.PositiveSmallIntegerField(db_default=6, default=6),
        ),
        migrations.AddField(
            model_name='currencyrules',
            name='plan_min_part',
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=19),
        ),
        migrations.AddField(
            model_name='paymentplan',
            name='end_note',
            field=models.CharField(blank=True, db_default='', max_length=250),
        ),
        migrations.AddField(
            model_name='paymentplan',
            name='grace_days',
            field=models.PositiveSmallIntegerField(db_default=3, default=3),
        ),
        migrations.AddField(
            model_name='paymentplan',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymentplan',
            name='proposed_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='paymentplan',
            name='via',
            field=models.CharField(choices=[('analyst', 'Analyst'), ('payer', 'Payer')], db_default='analyst', default='analyst', max_length=10),
        ),
        migrations.AlterField(
            model_name='paymentplan',
            name='agreed_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='paymentplan',
            name='state',
            field=models.CharField(choices=[('proposed', 'Proposed'), ('active', 'Active'), ('kept', 'Paid off'), ('defaulted', 'Defaulted'), ('cancelled', 'Cancelled'), ('rejected', 'Rejected')], default='active', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='currencyrules',
            constraint=models.CheckConstraint(condition=models.Q(('plan_min_part__gte', 0)), name='currency_rules_plan_min_part'),
        ),
        migrations.AddConstraint(
            model_name='currencyrules',
            constraint=models.CheckConstraint(condition=models.Q(('plan_max_months__gte', 1), ('plan_max_parts__gte', 2)), name='currency_rules_plan_parts'),
        ),
        migrations.AddConstraint(
            model_name='paymentplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('state__in', ['proposed', 'active'])), models.Q(models.Q(('state__in', ['proposed', 'active']), _negated=True), ('ended_on__isnull', False)), _connector='OR'), name='payment_plan_ended_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='paymentplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_on__isnull', True), ('state__in', ['proposed', 'rejected'])), models.Q(models.Q(('state__in', ['proposed', 'rejected']), _negated=True), ('agreed_on__isnull', False)), _connector='OR'), name='payment_plan_agreed_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='paymentplan',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('customer', 'currency'), name='payment_plan_one_proposal'),
        ),
    ]
