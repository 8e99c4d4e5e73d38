from django.db import migrations

OF_CLASSES = """
UPDATE activities_booking AS booking SET school_id = class_group.school_id, level = class_group.level
FROM organisations_classgroup AS class_group WHERE class_group.id = booking.class_group_id
"""
OF_PUPILS = """
UPDATE activities_booking AS booking SET school_id = year.school_id, level = year.level
FROM (
    SELECT DISTINCT ON (pupil_id) pupil_id, school_id, level FROM people_enrolment
    WHERE NOT is_statistic ORDER BY pupil_id, school_year DESC
) AS year WHERE year.pupil_id = booking.pupil_id
"""


class Migration(migrations.Migration):
    """Limits by school and by level count the bookings that are there already."""

    dependencies = [
        ("activities", "0002_places"),
        ("people", "0010_duplicates"),
    ]

    operations = [
        migrations.RunSQL(OF_CLASSES, migrations.RunSQL.noop),
        migrations.RunSQL(OF_PUPILS, migrations.RunSQL.noop),
    ]
