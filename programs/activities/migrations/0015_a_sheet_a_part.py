from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0014_seats_out_of_turn'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='feedback',
            name='activities_feedback_once_a_teacher',
        ),
        migrations.AddConstraint(
            model_name='feedback',
            constraint=models.UniqueConstraint(condition=models.Q(('by__isnull', False)), fields=('session', 'by', 'questionnaire'), name='activities_feedback_once_a_part', violation_error_message='You have answered already.'),
        ),
    ]
