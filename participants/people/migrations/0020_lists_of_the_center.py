import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0019_newest_requests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PupilList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('context', models.UUIDField(editable=False, unique=True, verbose_name='context of the histories')),
                ('classes', models.JSONField(blank=True, default=list, verbose_name='new classes')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='counts')),
                ('taken_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='taken')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
                ('sender', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
            ],
            options={
                'verbose_name': 'list of the center',
                'verbose_name_plural': 'lists of the center',
                'ordering': ['-taken_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('undone_by', None), ('undone_at__isnull', False), _connector='OR'), name='people_pupillist_undone_whole', violation_error_message='A list that somebody took back says when.')],
            },
        ),
    ]
