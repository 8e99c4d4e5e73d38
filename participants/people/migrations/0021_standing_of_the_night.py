from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0020_lists_of_the_center'),
    ]

    operations = [
        migrations.AddField(
            model_name='retentionrun',
            name='standing',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='standing'),
        ),
    ]
