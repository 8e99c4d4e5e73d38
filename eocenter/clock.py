"""What the clock starts, and how often. A tick that nobody took before the next one is dropped: the rows wait in
PostgreSQL, not in the broker."""

from celery.schedules import crontab

HOUR, DAY = 3600.0, 86400.0


def every(seconds, task, expires=3600, **more):
    return {"task": task, "schedule": seconds, "options": {"expires": expires}, **more}


def plan(queues) -> dict:
    """The entries of Celery's beat by name; each queue is asked twice a minute whether it is alive."""
    people = "participants.people.tasks"
    return {
        "deliver": every(2.0, "participants.correspondence.tasks.deliver", expires=4),
        "work": every(1.0, "participants.correspondence.tasks.work", expires=2),
        "follow changes": every(2.0, "impact.measurement.tasks.follow_changes", expires=4),
        "tidy": every(HOUR, "participants.correspondence.tasks.tidy"),
        "tidy class lists": every(HOUR, f"{people}.tidy_rosters"),
        "renew consents": every(DAY, f"{people}.renew_consents"),
        "ask for studies": every(DAY, f"{people}.ask_for_studies"),
        "keep terms": every(DAY, f"{people}.keep_terms"),
        "find duplicates": every(crontab(hour=2, minute=10), f"{people}.find_duplicates"),
        "find all duplicates": every(
            crontab(hour=3, minute=10, day_of_week="sunday"), f"{people}.find_duplicates", args=[True]
        ),
        "forget journals": every(HOUR, f"{people}.forget_journals"),
        "tidy doors": every(HOUR, "eocenter.tasks.tidy_doors"),
        "forget roll calls": every(DAY, "programs.activities.tasks.forget_roll"),
        "tidy drafts": every(DAY, "programs.awareness.tasks.tidy"),
        "delete sensitive answers": every(DAY, "programs.activities.tasks.delete_overdue_answers"),
        "forget guests": every(DAY, "programs.activities.tasks.forget_guests"),
        "tell subscribers": every(
            crontab(hour=7, minute=20, day_of_week="monday"), "programs.activities.tasks.tell_subscribers"
        ),
        "forget unconfirmed": every(DAY, "programs.activities.tasks.forget_unconfirmed"),
        "forget marks": every(DAY, "programs.activities.tasks.forget_marks"),
        "look for speakers": every(30.0, "programs.activities.tasks.go_on_searching", expires=30),
        "pass on offers": every(30.0, "programs.activities.tasks.pass_on_offers", expires=30),
    } | {
        f"heartbeat of {queue}": {
            "task": "eocenter.tasks.heartbeat",
            "schedule": 30.0,
            "args": [queue],
            "options": {"queue": queue},
        }
        for queue in queues
    }
