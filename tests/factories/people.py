"""Volunteers, school contacts, pupils, guardians."""

import datetime as dt
import uuid

import factory
from django.utils import timezone

from participants.accounts.roles import Role
from participants.organisations.models import GrantScope
from participants.people.models import (
    Clearance,
    Consent,
    ConsentText,
    DuplicatePair,
    Enrolment,
    Guardian,
    Guardianship,
    Look,
    PromotedClass,
    Promotion,
    PromotionRow,
    Pupil,
    PupilList,
    PupilNote,
    RightsRequest,
    Roster,
    RosterEffect,
    RosterRow,
    SchoolContact,
    SchoolPost,
    Study,
    Volunteer,
)
from participants.people.models.right import one_month_after
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organisations import OrganisationFactory, SchoolFactory


class VolunteerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Volunteer
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    first_name = "Ben"
    last_name = factory.Sequence(lambda n: f"Volunteer {n}")
    member_school = factory.SubFactory(OrganisationFactory, kind="member_school")
    languages = ["fr"]

    @factory.post_generation
    def recognised(self, create, extracted, **kwargs):
        """With the role, unless recognised=False."""
        if create and extracted is not False:
            GrantFactory(user=self.user, role=Role.VOLUNTEER)


class ClearanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clearance

    volunteer = factory.SubFactory(VolunteerFactory)
    kind = Clearance.Kind.TRAINING
    checked_on = dt.date(2026, 9, 1)


class SchoolContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SchoolContact

    user = factory.SubFactory(UserFactory)
    first_name = "Ada"
    last_name = factory.Sequence(lambda n: f"Teacher {n}")


class SchoolPostFactory(factory.django.DjangoModelFactory):
    """Pending; `verified=True` gives the role on the school as the action does."""

    class Meta:
        model = SchoolPost
        skip_postgeneration_save = True

    contact = factory.SubFactory(SchoolContactFactory)
    school = factory.SubFactory(SchoolFactory)

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted:
            SchoolPost.objects.filter(pk=self.pk).update(
                state="verified", proof="coordinator", decided_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
            )
            self.refresh_from_db()
            grant = self.contact.user.grants.live().filter(role=Role.SCHOOL_CONTACT).first()
            grant = grant or GrantFactory(user=self.contact.user, role=Role.SCHOOL_CONTACT)
            GrantScope.objects.create(grant=grant, school=self.school)


class PupilFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pupil

    first_name = "Lou"
    last_name = factory.Sequence(lambda n: f"Pupil {n}")
    birth_date = dt.date(2010, 3, 14)


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    pupil = factory.SubFactory(PupilFactory)
    school_year = 2026
    school = factory.SubFactory(SchoolFactory)


class GuardianFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Guardian

    first_name = "Eve"
    last_name = factory.Sequence(lambda n: f"Guardian {n}")


class GuardianshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Guardianship

    guardian = factory.SubFactory(GuardianFactory)
    pupil = factory.SubFactory(PupilFactory)


class ConsentTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ConsentText
        django_get_or_create = ["purpose", "version"]

    purpose = "taking_part"
    version = 1
    title_fr = "Participer"
    title_en = "Taking part"
    text_fr = "Mon enfant participe."
    text_en = "My child takes part."
    each_school_year = True


class ConsentFactory(factory.django.DjangoModelFactory):
    """A yes of the pupil, or of `guardian`."""

    class Meta:
        model = Consent

    pupil = factory.SubFactory(PupilFactory)
    purpose = "taking_part"
    text = factory.SubFactory(ConsentTextFactory, purpose=factory.SelfAttribute("..purpose"))
    decision = "given"
    channel = "link"
    school_year = 2026
    said_at = dt.datetime(2026, 9, 15, 12, tzinfo=dt.UTC)
    valid_until = dt.date(2027, 8, 31)


class LookFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Look

    user = factory.SubFactory(UserFactory)
    pupil = factory.SubFactory(PupilFactory)
    what = Look.What.PAGE
    hour = dt.datetime(2026, 11, 3, 9, tzinfo=dt.UTC)


class RosterFactory(factory.django.DjangoModelFactory):
    """A list to check; `applied=True` was taken."""

    class Meta:
        model = Roster

    class Params:
        applied = factory.Trait(
            state="applied", settled_at=dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC), counts={"new": 1}
        )

    school = factory.SubFactory(SchoolFactory)
    school_year = 2026
    sender = factory.SubFactory(UserFactory)
    file_name = "3A.csv"
    state = "ready"
    names = ["Nom", "Prénom", "Né(e) le", "Classe"]
    mapping = {"last_name": 0, "first_name": 1, "birth_date": 2, "class_name": 3}
    counts = {"new": 1, "refused": 1}


class RosterRowFactory(factory.django.DjangoModelFactory):
    """A line that names somebody new; `refused=True` has no name."""

    class Meta:
        model = RosterRow

    class Params:
        refused = factory.Trait(
            state="refused",
            facts=None,
            problems=[{"column": "Nom", "cell": "", "code": "no_last_name"}],
            cells=["", "Léo", "14/03/2012", "3A"],
        )

    roster = factory.SubFactory(RosterFactory)
    line = factory.Sequence(lambda n: n + 2)
    cells = ["DUPONT", "Léa", "14/03/2012", "3A"]
    state = "new"
    facts = factory.LazyFunction(
        lambda: {
            "last_name": "Dupont",
            "first_name": "Léa",
            "birth_date": "2012-03-14",
            "sex": "N",
            "email": "",
            "class_name": "3A",
            "level": "3E",
            "scholarship": "unknown",
            "guardians": [],
        }
    )


class RosterEffectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RosterEffect

    roster = factory.SubFactory(RosterFactory, applied=True)
    kind = "pupil"
    object_id = factory.Sequence(lambda n: n + 1)
    is_new = True


class PupilListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PupilList

    sender = factory.SubFactory(UserFactory)
    context = factory.LazyFunction(uuid.uuid4)
    counts = {"new": 1, "changed": 0, "same": 0, "doubtful": 0, "refused": 0, "classes": 0}


class PupilNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PupilNote

    pupil = factory.SubFactory(PupilFactory)
    text = "Vient en bus, arrive à 14 h 10."


class StudyFactory(factory.django.DjangoModelFactory):
    """What was told of one school year after the bac."""

    class Meta:
        model = Study

    class Params:
        member = factory.Trait(
            kind="school", member_school=factory.SubFactory(OrganisationFactory, kind="member_school")
        )

    pupil = factory.SubFactory(PupilFactory)
    school_year = 2026
    kind = "university"
    source = "pupil"
    told_on = dt.date(2026, 10, 20)


class PromotionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Promotion

    school = factory.SubFactory(SchoolFactory)
    school_year = 2026


class PromotedClassFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PromotedClass

    promotion = factory.SubFactory(PromotionFactory)


class PromotionRowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PromotionRow

    promotion = factory.SubFactory(PromotionFactory)
    pupil = factory.SubFactory(PupilFactory)
    outcome = "moves"


class RightsRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RightsRequest

    kind = "erasure"
    subject = "pupil"
    about = "Lou"
    asked_by = "Eve, mother"
    checked_by = "call"
    received_on = factory.LazyFunction(timezone.localdate)
    due_on = factory.LazyAttribute(lambda request: one_month_after(request.received_on))


class DuplicatePairFactory(factory.django.DjangoModelFactory):
    """Two records of one name, open."""

    class Meta:
        model = DuplicatePair

    one = factory.SubFactory(PupilFactory, last_name="Double")
    other = factory.SubFactory(PupilFactory, last_name="Double")
    score = 100
    codes = ["last_same", "first_same", "born_same"]
