"""The words that names and towns of schools are made of: the search corrects typing mistakes towards them.

A word is never taken away: one that no school has any more finds nothing and harms nobody.
"""

from django.db import migrations

WORDS = """
CREATE TABLE organisations_schoolword (word text PRIMARY KEY);

CREATE FUNCTION organisations_learn_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In order, so that two imports never wait for each other in a circle.
    INSERT INTO organisations_schoolword (word)
    SELECT DISTINCT word FROM changed_schools, unnest(search_words) AS word
    WHERE length(word) > 1 AND word !~ '^[0-9]|[.]$'
    ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER organisations_school_insert_words AFTER INSERT ON organisations_school
    REFERENCING NEW TABLE AS changed_schools FOR EACH STATEMENT EXECUTE FUNCTION organisations_learn_words();
CREATE TRIGGER organisations_school_update_words AFTER UPDATE ON organisations_school
    REFERENCING NEW TABLE AS changed_schools FOR EACH STATEMENT EXECUTE FUNCTION organisations_learn_words();
"""
NO_WORDS = """
DROP TRIGGER organisations_school_insert_words ON organisations_school;
DROP TRIGGER organisations_school_update_words ON organisations_school;
DROP FUNCTION organisations_learn_words();
DROP TABLE organisations_schoolword;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [migrations.RunSQL(WORDS, NO_WORDS)]
