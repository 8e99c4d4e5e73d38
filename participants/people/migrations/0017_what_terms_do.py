from django.db import migrations

# What is done when a term is over is said by the house and no longer chosen; lines have nobody to tell; what browsers had
# open ends by itself. And the report of the night, where nobody has rewritten it, says what the dry runs found.
FORWARDS = """
DELETE FROM people_retentionterm WHERE category = 'session';
UPDATE people_retentionterm SET "then" = CASE WHEN category IN ('pupil', 'pupil_followed', 'volunteer') THEN 'minimise'
    ELSE 'delete' END;
UPDATE people_retentionterm SET months_grace = 0, months_active = greatest(months_active, 1)
    WHERE category IN ('consent', 'health', 'message', 'audit', 'proof');
UPDATE correspondence_rule SET body_fr = body_fr || E'\\nQue personne n’a pu prévenir par courriel : {untold}\\n\\n'
        || E'À blanc, sans rien faire, seraient partis :\\n{rehearsed}'
    WHERE code = 'people.retention-report' AND body_fr LIKE '%Retenus : {held_back}';
UPDATE correspondence_rule SET body_en = body_en || E'\\nWhom no mail could reach: {untold}\\n\\n'
        || E'Running dry, without doing anything, these would have gone:\\n{rehearsed}'
    WHERE code = 'people.retention-report' AND body_en LIKE '%Held back: {held_back}';
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0016_terms_run_dry"), ("correspondence", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
