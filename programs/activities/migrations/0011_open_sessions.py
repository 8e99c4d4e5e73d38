
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0010_speakers'),
        ('organisations', '0003_history_written_once'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='session',
            index=models.Index(condition=models.Q(('state', 'planned')), fields=['ends_at'], name='activities_session_open'),
        ),
    ]
