"""What happens to entries, nominations and invitations when two records turn out to be one pupil."""

from participants.people.duplicates.clashes import Fate, Rows, one_of_each, register, stronger
from programs.awareness.models import Nomination, PoolEntry, PoolInvitation
from programs.awareness.models.pool import DAYS_BETWEEN


def register_all():
    register(PoolEntry, one_of_each(lambda row: "entry", stronger(_left)))
    register(Nomination, one_of_each(_same_word, stronger(lambda row: row.nominated_at)))
    register(PoolInvitation, _invitations)


def _left(row):
    """Who has left by one of the records has left; else the one that came first stands."""
    return (row.left_at is not None, -row.entered_at.timestamp())


def _same_word(row):
    return (row.school_year, row.nominated_by_id) if row.nominated_by_id else None


def _invitations(rows: Rows) -> list[Fate]:
    """One to each activity and one a fortnight: what cannot stand beside those of the record that stays goes."""
    return [
        Fate(gone, goes=True, heir=kept)
        for gone in rows.gone
        if (kept := next((kept for kept in rows.kept if _clash(kept, gone)), None))
    ]


def _clash(one, other):
    return one.activity_id == other.activity_id or abs((one.invited_on - other.invited_on).days) < DAYS_BETWEEN
