import django.core.validators
import django.db.models.deletion
import participants.organisations.school_years
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0004_statistics_of_names'),
        ('people', '0021_standing_of_the_night'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Study',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_year', participants.organisations.school_years.SchoolYearField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='school year')),
                ('kind', models.CharField(choices=[('cpge', 'preparatory class (CPGE)'), ('bts', 'higher technician section (BTS)'), ('but', 'institute of technology (BUT)'), ('university', 'university'), ('school', 'engineering school or other grande école'), ('other', 'something else')], max_length=10, verbose_name='studies')),
                ('source', models.CharField(blank=True, choices=[('school', 'school'), ('family', 'family'), ('pupil', 'pupil'), ('member', 'member school')], max_length=6, verbose_name='told by')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='told on')),
                ('is_statistic', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='only counts')),
                ('member_school', models.ForeignKey(blank=True, limit_choices_to={'kind': 'member_school'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='member school')),
                ('pupil', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='studies', to='people.pupil', verbose_name='pupil')),
            ],
            options={
                'verbose_name': 'studies after the bac',
                'verbose_name_plural': 'studies after the bac',
                'ordering': ['pupil', '-school_year'],
            },
        ),
        migrations.CreateModel(
            name='StudyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('school_year', participants.organisations.school_years.SchoolYearField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='school year')),
                ('kind', models.CharField(choices=[('cpge', 'preparatory class (CPGE)'), ('bts', 'higher technician section (BTS)'), ('but', 'institute of technology (BUT)'), ('university', 'university'), ('school', 'engineering school or other grande école'), ('other', 'something else')], max_length=10, verbose_name='studies')),
                ('source', models.CharField(blank=True, choices=[('school', 'school'), ('family', 'family'), ('pupil', 'pupil'), ('member', 'member school')], max_length=6, verbose_name='told by')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='told on')),
                ('is_statistic', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='only counts')),
                ('member_school', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'kind': 'member_school'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.organisation', verbose_name='member school')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.study')),
                ('pupil', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.pupil', verbose_name='pupil')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.UniqueConstraint(fields=('pupil', 'school_year'), name='people_study_once_a_year', violation_error_message='What this person studies in this school year is noted already.'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('member_school', None), ('kind', 'school'), _connector='OR'), name='people_study_member_school_is_a_school', violation_error_message='A member school is an engineering school: choose that first.'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_statistic', True), ('source', ''), ('told_on', None)), models.Q(('is_statistic', False), ('told_on__isnull', False), models.Q(('source', ''), _negated=True)), _connector='OR'), name='people_study_told_or_statistic', violation_error_message='Say who told it and when.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='study',
            trigger=pgtrigger.compiler.Trigger(name='follow_pupil', sql=pgtrigger.compiler.UpsertTriggerSql(func='\nSELECT is_statistic INTO NEW.is_statistic FROM people_pupil WHERE id = NEW.pupil_id;\nRETURN NEW;\n', hash='3bec40c768e52421ed3387e0321d875bbbb9c5c3', operation='INSERT OR UPDATE', pgid='pgtrigger_follow_pupil_2245b', table='people_study', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='study',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_studyevent" ("id", "is_statistic", "kind", "member_school_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pupil_id", "school_year", "source", "told_on") VALUES (NEW."id", NEW."is_statistic", NEW."kind", NEW."member_school_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pupil_id", NEW."school_year", NEW."source", NEW."told_on"); RETURN NULL;', hash='ee0bdf237da9a96c7d1577cc144566106974d50d', operation='INSERT', pgid='pgtrigger_insert_insert_ac1b5', table='people_study', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='study',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_studyevent" ("id", "is_statistic", "kind", "member_school_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pupil_id", "school_year", "source", "told_on") VALUES (NEW."id", NEW."is_statistic", NEW."kind", NEW."member_school_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pupil_id", NEW."school_year", NEW."source", NEW."told_on"); RETURN NULL;', hash='b5208ff838c1460bf53bcf53782c802c915b8c74', operation='UPDATE', pgid='pgtrigger_update_update_7863f', table='people_study', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e74efa4ec67ae3bc555c36edc1992e6aaa088ae1', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_41911', table='people_studyevent', when='BEFORE')),
        ),
    ]
