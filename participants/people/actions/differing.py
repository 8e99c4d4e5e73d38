"""What a long list changes, field by field: read from what `staging` has compared, before or after it is written."""

from collections.abc import Iterator

from django.db import connection

from participants.organisations.school_years import school_year_label
from participants.people.actions.staging import wanted_enrolment
from participants.people.columns import COLUMNS

OF_PUPIL = ("sex", "email")
OF_ENROLMENT = tuple(name for name in wanted_enrolment(None)[0] if name in COLUMNS)
PAIRS = [
    "('school_year', e.school_year::text, i.school_year::text)",
    "('uai', old_school.uai, new_school.uai)",
    "('class_name', old_class.name, coalesce(i.class_name, new_class.name))",
    *(f"('{name}', p.{name}, i.{name})" for name in OF_PUPIL),
    *(f"('{name}', e.{name}, i.{name})" for name in OF_ENROLMENT),
]
CHANGES = f"""
SELECT i.line, i.last_name || ' ' || i.first_name, c.name, coalesce(c.was, ''), coalesce(c.now, '')
FROM pg_temp.incoming_pupil i
JOIN people_pupil p ON p.id = i.pupil_id
LEFT JOIN people_enrolment e ON e.id = i.enrolment_id
LEFT JOIN organisations_school old_school ON old_school.id = e.school_id
LEFT JOIN organisations_school new_school ON new_school.id = i.school_id
LEFT JOIN organisations_classgroup old_class ON old_class.id = e.class_group_id
LEFT JOIN organisations_classgroup new_class ON new_class.id = i.class_group_id
CROSS JOIN LATERAL (VALUES {", ".join(PAIRS)}) AS c(name, was, now)
WHERE i.refusals = '' AND (i.pupil_differs OR i.enrolment_differs)
    AND coalesce(c.was, '') <> coalesce(c.now, '') AND NOT (c.was IS NULL AND c.now = 'unknown')
ORDER BY i.line
"""  # noqa: S608 - put together from names of this module only


def changes() -> Iterator[list]:
    """Line, pupil, heading of the column, what was and what will be, a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(CHANGES)
        while rows := cursor.fetchmany(1000):
            for line, name, code, was, now in rows:
                yield [line, name, str(COLUMNS[code].label), _said(code, was), _said(code, now)]


def _said(code, value):
    """In words, in the language of the moment."""
    if code == "school_year" and value:
        return school_year_label(int(value))
    return COLUMNS[code].label_of(value) if value else ""
