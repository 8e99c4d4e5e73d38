from django.db import migrations

# The back office searches without capitals: what it compares is no column, and nobody would count how often it matches.
# Misjudged, a search that finds much sorts all that it finds.
COUNT_NAMES = "CREATE STATISTICS organisations_classgroup_upper_name ON (upper(name::text)) FROM organisations_classgroup"


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0003_history_written_once'),
    ]

    operations = [
        migrations.RunSQL(COUNT_NAMES, "DROP STATISTICS organisations_classgroup_upper_name"),
    ]
