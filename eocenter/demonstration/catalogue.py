"""What the public reads of in the catalogue besides the evening and the day on the campus: a camp that is booked as a
whole, a master class online, an evening in a school that is open to everybody, and one that is not announced yet."""

import datetime as dt

from django.utils import timezone

from programs.activities.models import Activity, Subscription, Topic

Audience = Activity.Audience
IN_SIX_WEEKS = dt.timedelta(weeks=6)
OFFERS = [
    {
        "kind": Activity.Kind.CAMP,
        "title_fr": "Une semaine de maths et de lac",
        "title_en": "A week of maths and a lake",
        "description_fr": "Le matin, des énigmes à plusieurs ; l’après-midi, le lac. On dort sur le campus, tout est "
        "pris en charge, et personne ne met de note.",
        "description_en": "Riddles to solve together in the morning, the lake in the afternoon. You sleep on the "
        "campus, everything is paid for, and nobody gives marks.",
        "registration_for": [Audience.PUPILS],
        "levels": ["2GT", "1G"],
        "seats": 24,
        "needs_two_adults": True,
    },
    {
        "kind": Activity.Kind.MASTER_CLASS,
        "title_fr": "Comment un téléphone sait où il est",
        "title_en": "How a telephone knows where it is",
        "description_fr": "Une heure en ligne avec des étudiantes en télécommunications : les satellites, la relativité "
        "et vos questions.",
        "description_en": "An hour online with students of telecommunications: satellites, relativity and your questions.",
        "registration_for": [Audience.PUBLIC, Audience.CLASSES],
        "levels": ["1G", "TG"],
    },
    {
        "kind": Activity.Kind.EVENT,
        "title_fr": "Après le bac : une soirée pour les familles",
        "title_en": "After the baccalauréat: an evening for families",
        "description_fr": "Classes préparatoires, BUT, université : des étudiants disent comment ils ont choisi, et "
        "répondent aux parents.",
        "description_en": "Preparatory classes, BUT, university: students tell how they chose and answer parents.",
        "registration_for": [Audience.PUBLIC],
    },
    {
        "kind": Activity.Kind.EVENT,
        "title_fr": "La fête de la science, à préparer",
        "title_en": "The science fair, to be prepared",
        "state": Activity.State.DRAFT,
        "registration_for": [Audience.PUBLIC],
    },
]


def build_catalogue(work):
    """Published activities with dates to come, a draft that nobody outside reads of, and somebody who follows."""
    Subscription.objects.create(email="famille1@example.org", query="kind=event", confirmed_at=timezone.now())
    Subscription.objects.create(email="famille2@example.org")
    school = next(iter(work.contacts))
    start = work.day_for(school, work.today + IN_SIX_WEEKS)
    topics = list(Topic.objects.order_by("pk"))
    for number, offer in enumerate(OFFERS):
        activity = Activity.objects.create(
            programme=work.programmes["open-days"],
            organisation=work.organisations["Plateau" if number % 2 else "Numérique"],
            school_year=work.year,
            volunteers_needed=3,
            is_public=True,
            **offer,
        )
        activity.topics.set(topics[number : number + 2])
        day = start + dt.timedelta(days=number)
        if activity.kind == Activity.Kind.CAMP:
            for more in range(3):
                work.build_session(
                    activity, day + dt.timedelta(days=more), campus=activity.organisation, seats=0, hour=9
                )
        elif activity.kind == Activity.Kind.MASTER_CLASS:
            session = work.build_session(activity, day, seats=200, hour=18)
            session.place, session.online_url, session.contact_on_site = "", "https://visio.example.org/telephone", ""
            session.save()
        else:
            work.build_session(activity, day, school=school, seats=80, hour=18)
