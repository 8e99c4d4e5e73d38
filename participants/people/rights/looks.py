"""Who looked at whose record: a line that pages, exports and files leave, and the only write that a page may do."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from participants.people.models import Look, Pupil

BATCH = 1000


def note(user, pupils: "Pupil | QuerySet | Iterable", what: str = Look.What.PAGE) -> None:
    """Leave a trace that this user saw these pupils (one, several or their ids) in this manner within this hour; looking
    again changes nothing, and nobody is noted for looking at themselves."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    own = Pupil.objects.filter(user=user).values_list("pk", flat=True).first()
    looks = [Look(user=user, pupil_id=pk, what=what, hour=hour) for pk in _ids(pupils) if pk != own]
    Look.objects.bulk_create(looks, batch_size=BATCH, ignore_conflicts=True)


def _ids(pupils) -> list[int]:
    if isinstance(pupils, Pupil):
        return [pupils.pk]
    if isinstance(pupils, QuerySet):
        return list(pupils.order_by().values_list("pk", flat=True).distinct())
    return list(dict.fromkeys(getattr(pupil, "pk", pupil) for pupil in pupils))


def note_many(user, ids: list[int], what: str) -> None:
    """The same for a file of many pupils, in one statement."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Look._meta.db_table} (user_id, pupil_id, what, hour)"  # noqa: S608 - the name of our table
            " SELECT %s, p.id, %s, %s FROM people_pupil p WHERE p.id = ANY(%s) AND p.user_id IS DISTINCT FROM %s"
            " ON CONFLICT DO NOTHING",
            [user.pk, what, hour, ids, user.pk],
        )


def takers(pupil: Pupil) -> frozenset[int]:
    """Ids of the users who took this pupil away in a file that may still be downloaded."""
    since = timezone.now() - settings.JOB_FILE_LIFE - timedelta(hours=1)
    looks = Look.objects.filter(pupil=pupil, hour__gte=since).exclude(what=Look.What.PAGE).exclude(user=None)
    return frozenset(looks.values_list("user", flat=True))
