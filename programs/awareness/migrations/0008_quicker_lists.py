from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('activities', '0016_statistics_of_titles'),
        ('awareness', '0007_newcomers'),
        ('organisations', '0004_statistics_of_names'),
        ('people', '0022_studies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='poolentry',
            index=models.Index(condition=models.Q(('left_at', None)), fields=['entered_at', 'id'], name='awareness_poolentry_in_turn'),
        ),
        AddIndexConcurrently(
            model_name='talkrequest',
            index=models.Index(condition=models.Q(('state', 'draft'), _negated=True), fields=['sent_at', 'id'], name='awareness_talkrequest_by_age'),
        ),
    ]
