"""The words that names and towns of schools are made of: the search corrects typing mistakes towards them.

A word is never taken away: one that no school has any more finds nothing and harms nobody.
"""

from django.db import migrations

WORDS = """
-- Not unique: nobody may wait for the words of an import that still runs, and a word twice is found once.
CREATE TABLE organisations_schoolword (word text NOT NULL);
CREATE INDEX organisations_schoolword_word ON organisations_schoolword (word);

CREATE FUNCTION organisations_learn_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO organisations_schoolword (word)
    SELECT DISTINCT beginning FROM changed_schools, unnest(search_words) AS beginning
    WHERE length(beginning) > 1 AND beginning !~ '^[0-9]|[.]$'
        AND NOT EXISTS (SELECT FROM organisations_schoolword AS known WHERE known.word = beginning);
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
