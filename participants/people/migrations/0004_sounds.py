from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from participants.people.duplicates.keys import MeetingKeys

# The rules of participants/people/duplicates/names.py: SOUNDS, one after the other.
SOUND = r"""
CREATE FUNCTION eoc_sound(word text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
AS $$ BEGIN
    word := regexp_replace(word, 'ph', 'f', 'g');
    word := regexp_replace(word, 'sch|sh|ch', '1', 'g');
    word := regexp_replace(word, 'h', '', 'g');
    word := regexp_replace(word, 'gn', 'ni', 'g');
    word := regexp_replace(word, 'ck|cq|qu|q', 'k', 'g');
    word := regexp_replace(word, 'c([eiy])', 's\1', 'g');
    word := regexp_replace(word, 'c', 'k', 'g');
    word := regexp_replace(word, 'gu([eiy])', '2\1', 'g');
    word := regexp_replace(word, 'ge([aou])', 'j\1', 'g');
    word := regexp_replace(word, 'g([eiy])', 'j\1', 'g');
    word := regexp_replace(word, 'g', '2', 'g');
    word := regexp_replace(word, 'eau|au', 'o', 'g');
    word := regexp_replace(word, 'ou|oo', 'u', 'g');
    word := regexp_replace(word, 'y', 'i', 'g');
    word := regexp_replace(word, '(ain|ein|in|im|un|um)(?![aeiounm])', '3', 'g');
    word := regexp_replace(word, '(an|en|am|em)(?![aeiounm])', '4', 'g');
    word := regexp_replace(word, '(on|om)(?![aeiounm])', '5', 'g');
    word := regexp_replace(word, 'ai|ei', 'e', 'g');
    word := regexp_replace(word, 'z', 's', 'g');
    word := regexp_replace(word, 'w', 'v', 'g');
    word := regexp_replace(word, '(.)\1+', '\1', 'g');
    word := regexp_replace(word, '(..)[dtspx]+$', '\1', 'g');
    word := regexp_replace(word, '(..)e$', '\1', 'g');
    RETURN word;
END $$
"""

# Each word of the name as it sounds, particles left out, with: day and month; day and year; month and year; day and
# month in any order, and year.
KEYS = r"""
CREATE FUNCTION eoc_meeting_keys(first_name text, last_name text, born date) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$
    SELECT coalesce(array_agg(DISTINCT public.eoc_sound(word) || part), '{}')
    FROM regexp_split_to_table(public.eoc_fold(first_name || ' ' || last_name), '[^a-z]+') word,
        (SELECT extract(day FROM born)::int, extract(month FROM born)::int, extract(year FROM born)::int) cut (d, m, y),
        unnest(ARRAY[
            ' a' || d || '.' || m,
            ' b' || d || '.' || y,
            ' c' || m || '.' || y,
            ' d' || least(d, m) || '.' || greatest(d, m) || '.' || y
        ]) part
    WHERE length(word) > 1 AND word NOT IN ('de', 'du', 'des', 'la', 'le', 'les')
$$
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_looks")]

    operations = [
        migrations.RunSQL(SOUND, "DROP FUNCTION eoc_sound(text)"),
        migrations.RunSQL(KEYS, "DROP FUNCTION eoc_meeting_keys(text, text, date)"),
        migrations.AddIndex(
            model_name="pupil",
            index=GinIndex(MeetingKeys("first_name", "last_name", "birth_date"), name="people_pupil_meeting"),
        ),
    ]
