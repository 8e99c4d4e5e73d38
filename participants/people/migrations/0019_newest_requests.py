from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0018_sources_of_studies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='rightsrequest',
            index=models.Index(fields=['-received_on', '-id'], name='people_rightsrequest_newest'),
        ),
    ]
