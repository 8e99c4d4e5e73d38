from django.db import migrations

# The back office searches without capitals: what it compares is no column, and nobody would count how often it matches.
# Misjudged, a search that finds much sorts all that it finds.
COUNT_TITLES = "CREATE STATISTICS activities_activity_upper_title ON (upper(title_fr::text)) FROM activities_activity"


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0015_a_sheet_a_part'),
    ]

    operations = [
        migrations.RunSQL(COUNT_TITLES, "DROP STATISTICS activities_activity_upper_title"),
    ]
