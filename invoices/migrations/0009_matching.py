import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0008_bank_statements'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankPosting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reasons', models.JSONField(default=list)),
                ('by_itself', models.BooleanField(default=False)),
                ('posted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='MatchSuggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField()),
                ('score', models.PositiveSmallIntegerField()),
                ('is_certain', models.BooleanField(default=False)),
                ('shares', models.JSONField()),
                ('rest', models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ('short', models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ('short_kind', models.CharField(blank=True, db_default='', max_length=24)),
                ('reasons', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='PayerAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('account', 'Bank account'), ('name', 'Name')], max_length=8)),
                ('value', models.CharField(max_length=200)),
                ('times', models.PositiveIntegerField(default=1)),
                ('last_on', models.DateField()),
            ],
            options={
                'verbose_name_plural': 'payer aliases',
            },
        ),
        migrations.CreateModel(
            name='RemittanceAdvice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('currency', models.CharField(blank=True, db_default='', max_length=3)),
                ('total', models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True)),
                ('paid_on', models.DateField(blank=True, null=True)),
                ('problems', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('uploaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='RemittanceItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.CharField(max_length=40)),
                ('number', models.CharField(max_length=60)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=19)),
                ('deduction', models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ('text', models.CharField(blank=True, db_default='', max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name='bankposting',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='invoices.bankline'),
        ),
        migrations.AddField(
            model_name='bankposting',
            name='payment',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_posting', to='invoices.payment'),
        ),
        migrations.AddField(
            model_name='bankposting',
            name='posted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bankposting',
            name='refund',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_posting', to='invoices.refund'),
        ),
        migrations.AddField(
            model_name='bankposting',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='matchsuggestion',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='matchsuggestion',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='invoices.bankline'),
        ),
        migrations.AddField(
            model_name='payeralias',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payer_aliases', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='remittanceadvice',
            name='customer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remittance_advices', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='remittanceadvice',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remittanceitem',
            name='advice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='invoices.remittanceadvice'),
        ),
        migrations.AddConstraint(
            model_name='bankposting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payment__isnull', False), ('refund__isnull', True)), models.Q(('payment__isnull', True), ('refund__isnull', False)), _connector='OR'), name='bank_posting_of_one_row'),
        ),
        migrations.AddConstraint(
            model_name='matchsuggestion',
            constraint=models.UniqueConstraint(fields=('line', 'rank'), name='match_suggestion_rank_once'),
        ),
        migrations.AddConstraint(
            model_name='matchsuggestion',
            constraint=models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='match_suggestion_score_of_hundred'),
        ),
        migrations.AddConstraint(
            model_name='payeralias',
            constraint=models.UniqueConstraint(fields=('kind', 'value', 'customer'), name='payer_alias_once'),
        ),
        migrations.AddIndex(
            model_name='remittanceitem',
            index=models.Index(fields=['number'], name='remittance_item_by_number'),
        ),
    ]
