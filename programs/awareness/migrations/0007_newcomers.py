import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('awareness', '0006_history_of_campaigns'),
        ('organisations', '0003_history_written_once'),
        ('people', '0019_newest_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='SelfEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_name', models.CharField(max_length=80, verbose_name='first name')),
                ('last_name', models.CharField(max_length=80, verbose_name='last name')),
                ('birth_date', models.DateField(verbose_name='date of birth')),
                ('level', models.CharField(choices=[('6E', '6e'), ('5E', '5e'), ('4E', '4e'), ('3E', '3e'), ('2GT', '2de GT'), ('1G', '1re générale'), ('TG', 'Tle générale'), ('1T', '1re techno'), ('TT', 'Tle techno'), ('2PRO', '2de pro'), ('1PRO', '1re pro'), ('TPRO', 'Tle pro'), ('CAP1', 'CAP 1'), ('CAP2', 'CAP 2'), ('CPGE1', 'CPGE 1'), ('CPGE2', 'CPGE 2'), ('BTS1', 'BTS 1'), ('BTS2', 'BTS 2'), ('unknown', 'unknown')], max_length=10, verbose_name='level')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='own e-mail address')),
                ('guardian_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address of the guardian')),
                ('guardian_first_name', models.CharField(blank=True, max_length=80, verbose_name='first name of the guardian')),
                ('guardian_last_name', models.CharField(blank=True, max_length=80, verbose_name='last name of the guardian')),
                ('language', models.CharField(choices=[('fr', 'French'), ('en', 'English')], default='fr', max_length=2, verbose_name='language')),
                ('state', models.CharField(choices=[('asked', 'the address is not proven'), ('waiting', 'may be on record'), ('done', 'settled')], default='asked', max_length=7, verbose_name='state')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('proven_at', models.DateTimeField(blank=True, null=True, verbose_name='address proven')),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='reasons')),
                ('pupil', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.pupil', verbose_name='pupil on record')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.school', verbose_name='school')),
            ],
            options={
                'verbose_name': 'young person at the door of the pool',
                'verbose_name_plural': 'young people at the door of the pool',
                'ordering': ['proven_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', ''), ('guardian_email', ''), _negated=True), name='awareness_selfentry_has_address', violation_error_message='Give an address to write to.'), models.CheckConstraint(condition=models.Q(models.Q(('proven_at', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('proven_at__isnull', False)), _connector='OR'), name='awareness_selfentry_nothing_before_proof', violation_error_message='Nothing follows before the address is proven.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), ('pupil__isnull', False), _connector='OR'), name='awareness_selfentry_waits_for_record', violation_error_message='Name the record that it may be.')],
            },
        ),
    ]
