
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0003_history_written_once'),
        ('people', '0013_quicker_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='guardian',
            index=models.Index(fields=['sort_name', 'id'], name='people_guardian_sort'),
        ),
        migrations.AddIndex(
            model_name='guardian',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('sort_name'), name='gin_trgm_ops'), name='people_guardian_search'),
        ),
        migrations.AddIndex(
            model_name='schoolcontact',
            index=models.Index(fields=['sort_name', 'id'], name='people_schoolcontact_sort'),
        ),
        migrations.AddIndex(
            model_name='schoolcontact',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('sort_name'), name='gin_trgm_ops'), name='people_schoolcontact_search'),
        ),
        migrations.AddIndex(
            model_name='schoolpost',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['claimed_at', 'id'], name='people_schoolpost_waiting'),
        ),
        migrations.AddIndex(
            model_name='volunteer',
            index=models.Index(fields=['sort_name', 'id'], name='people_volunteer_sort'),
        ),
        migrations.AddIndex(
            model_name='volunteer',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('sort_name'), name='gin_trgm_ops'), name='people_volunteer_search'),
        ),
    ]
