import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0009_matching'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('agreed_on', models.DateField()),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('active', 'Active'), ('kept', 'Paid off'), ('defaulted', 'Defaulted'), ('cancelled', 'Cancelled')], default='active', max_length=10)),
                ('note', models.CharField(blank=True, db_default='', max_length=250)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='PlanInstalment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=4, max_digits=19)),
            ],
        ),
        migrations.CreateModel(
            name='PlanItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=4, max_digits=19)),
                ('live', models.BooleanField(default=True)),
            ],
        ),
        migrations.AddField(
            model_name='paymentplan',
            name='agreed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymentplan',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_plans', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='planinstalment',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalments', to='invoices.paymentplan'),
        ),
        migrations.AddField(
            model_name='planitem',
            name='invoice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_items', to='invoices.invoice'),
        ),
        migrations.AddField(
            model_name='planitem',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='invoices.paymentplan'),
        ),
        migrations.AddIndex(
            model_name='paymentplan',
            index=models.Index(fields=['customer'], name='payment_plan_by_customer'),
        ),
        migrations.AddConstraint(
            model_name='paymentplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('state', 'active')), models.Q(models.Q(('state', 'active'), _negated=True), ('ended_on__isnull', False)), _connector='OR'), name='payment_plan_ended_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='planinstalment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='plan_instalment_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='planinstalment',
            constraint=models.UniqueConstraint(fields=('plan', 'due_on'), name='plan_instalment_once_per_day'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='plan_item_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=models.UniqueConstraint(fields=('plan', 'invoice'), name='plan_item_once'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=models.UniqueConstraint(condition=models.Q(('live', True)), fields=('invoice',), name='plan_one_active_per_invoice'),
        ),
    ]
