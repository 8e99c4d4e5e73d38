"""What `staging` has settled, written set by set: what is new and what differs, and nothing else."""

from django.db import connection

from participants.organisations.models import ClassGroup
from participants.people.actions.staging import run, wanted_enrolment
from participants.people.models import Enrolment, Pupil

# From so many lines on the planner is told what has come in before anybody asks for it.
MANY = 5000
COUNTED = (
    "people_pupil (id, sort_name, birth_date, is_statistic)",
    "people_enrolment (id, pupil_id, school_id, school_year, class_group_id)",
    "organisations_classgroup (id, school_id, school_year)",
)


def write() -> list[int]:
    """Write what is new and what differs, and return the ids of new classes. Rows that stay the same are not touched."""
    classes = _write_classes()
    ids = "(SELECT pg_get_serial_sequence('people_pupil', 'id'))::regclass"
    run("ALTER TABLE pg_temp.incoming_pupil ADD new_id bigint")
    run(
        f"UPDATE pg_temp.incoming_pupil SET new_id = nextval({ids}), pupil_differs = false"
        " WHERE refusals = '' AND pupil_id IS NULL"
    )
    people = ("first_name", "last_name", "birth_date", "sex", "email")
    _insert(Pupil, {"id": "new_id"} | {name: name for name in people}, "new_id IS NOT NULL")
    # Triggers and foreign keys look for the pupil of each enrolment by a plan that this connection keeps: made while there
    # were few pupils, it reads them all each time.
    run("DISCARD PLANS")
    run(
        "UPDATE people_pupil p SET sex = i.sex, email = i.email FROM pg_temp.incoming_pupil i"
        " WHERE p.id = i.pupil_id AND i.refusals = '' AND i.pupil_differs"
    )
    facts = [*wanted_enrolment(None)[0], "school_id", "class_group_id"]
    columns = {"pupil_id": "coalesce(pupil_id, new_id)", "school_year": "school_year"} | {name: name for name in facts}
    _insert(Enrolment, columns, "refusals = '' AND enrolment_id IS NULL")
    run(
        f"UPDATE people_enrolment e SET {', '.join(f'{name} = i.{name}' for name in facts)}"
        " FROM pg_temp.incoming_pupil i WHERE e.id = i.enrolment_id AND i.refusals = '' AND i.enrolment_differs"
    )
    return classes


def tell_the_planner(found: dict[str, int]) -> None:
    """After a long list: until the tables are counted, the planner believes them as empty as they were."""
    if found["new"] + found["changed"] >= MANY:
        run(f"ANALYZE {', '.join(COUNTED)}")


def _write_classes():
    """Add the classes that the lines name and the school does not have; of different levels the first line's counts."""
    columns = {
        "school_id": "school_id",
        "school_year": "school_year",
        "name": "(array_agg(class_name ORDER BY line))[1]",
        "level": "coalesce((array_agg(level ORDER BY line) FILTER (WHERE level <> 'unknown'))[1], 'unknown')",
    }
    one_each = "needs_class GROUP BY school_id, school_year, eoc_fold(class_name) ORDER BY min(line) RETURNING id"
    added = _insert(ClassGroup, columns, one_each)
    if added:
        run(
            """
            UPDATE pg_temp.incoming_pupil i SET class_group_id = g.id
            FROM organisations_classgroup g
            WHERE i.needs_class AND g.school_id = i.school_id AND g.school_year = i.school_year
                AND eoc_fold(g.name) = eoc_fold(i.class_name)
            """
        )
    return [pk for (pk,) in added]


def _insert(model, columns, which):
    """Insert a row for each line; what the lines do not say gets the default of its field."""
    others = {}
    for field in model._meta.concrete_fields:
        if not (field.column in columns or field.primary_key or field.generated or field.has_db_default()):
            others[field.column] = field.get_db_prep_save(field.get_default(), connection)
    names = ", ".join([*columns, *others])
    values = ", ".join([*columns.values(), *["%s"] * len(others)])
    return run(
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM pg_temp.incoming_pupil WHERE {which}",
        list(others.values()),
    )
