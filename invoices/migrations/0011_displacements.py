import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0010_payment_plans'),
    ]

    operations = [
        migrations.CreateModel(
            name='Displacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('allocation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='displaced_by', to='invoices.allocation')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='displacements', to='invoices.allocation')),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='displacements', to='invoices.refund')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='displacement',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='028cd38f6dfcdc38d625eb7187b9b7272861b4ca', operation='UPDATE', pgid='pgtrigger_no_update_7d274', table='invoices_displacement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='displacement',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8827848f251776411e77154dbf64a4b356db52d7', operation='DELETE', pgid='pgtrigger_no_delete_6b52a', table='invoices_displacement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='displacement',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='4949f295eb4c1823c1a031ba3599ee7708ae1a70', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_aa17c', table='invoices_displacement', when='BEFORE')),
        ),
    ]
