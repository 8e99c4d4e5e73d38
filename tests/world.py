"""Two sides of one center that have nothing to do with each other: the same kinds of people and things, twice.

Side A is where the actors of the tests stand. Side B belongs to strangers; `mark` puts a word of its own into every
text that its rows hold, so that a leak says which field of which row came out.
"""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass, field

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from participants.accounts import links
from participants.accounts.models import User
from participants.accounts.roles import Role
from participants.correspondence.models import Message, Rule
from participants.organisations.models import Organisation, Territory
from participants.organisations.school_years import current_school_year
from participants.people import family_links
from participants.people.models import ByHand, Guardian, Merge, Pupil, RetentionTerm, SchoolPost
from programs.activities import feedback, place_links, subscription_links
from programs.activities.models import Activity, Assignment, Questionnaire
from programs.awareness import invitations, newcomers
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AnswerFactory,
    AskedQuestionFactory,
    AskingFactory,
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    FeedbackFactory,
    GuestFactory,
    HeadcountFactory,
    KitDocumentFactory,
    KitFactory,
    KitOpeningFactory,
    LevelQuotaFactory,
    PriorityCriterionFactory,
    ProgrammeFactory,
    ProgrammeScopeFactory,
    QuietVolunteerFactory,
    ReplyFactory,
    RollEntryFactory,
    SessionFactory,
    SpeakerSearchFactory,
    SubscriptionFactory,
    WhatIfFactory,
)
from tests.factories.awareness import (
    CampaignFactory,
    CampaignSchoolFactory,
    CampaignSpeakerFactory,
    CampaignTalkFactory,
    NominationFactory,
    PairRuleFactory,
    PlannedSpeakerFactory,
    PlannedTalkFactory,
    PoolEntryFactory,
    PoolInvitationFactory,
    PoolRoundFactory,
    RequestedClassFactory,
    RequestedSlotFactory,
    SelfEntryFactory,
    TalkRequestFactory,
)
from tests.factories.correspondence import JobFactory, MessageFactory
from tests.factories.measurement import TargetFactory
from tests.factories.organisations import (
    ClassGroupFactory,
    GrantScopeFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    TerritoryFactory,
)
from tests.factories.people import (
    ClearanceFactory,
    ConsentFactory,
    DuplicatePairFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PromotedClassFactory,
    PromotionFactory,
    PromotionRowFactory,
    PupilFactory,
    PupilListFactory,
    PupilNoteFactory,
    RightsRequestFactory,
    RosterEffectFactory,
    RosterFactory,
    RosterRowFactory,
    SchoolContactFactory,
    SchoolPostFactory,
    StudyFactory,
    VolunteerFactory,
)

OWN_PACKAGES = ("participants.", "programs.", "impact.", "eocenter")
# Texts that steer the program: a word in them would break the row instead of marking it.
STEERING = {
    "Roster.stored_as", "Roster.problem", "Roster.fingerprint", "Job.stored_as",
    "User.password", "Session.zone", "Message.occasion", "Rule.occasion", "Rule.code", "Job.kind", "Job.fingerprint",
    "School.uai", "Organisation.uai", "School.siret", "Organisation.siret", "Programme.code",
}  # fmt: skip
CANARY = re.compile(r"zqx\d{5}", re.IGNORECASE)


@dataclass
class Side:
    """The people and things of one side: users by role, objects by kind."""

    users: dict = field(default_factory=dict)
    objects: dict = field(default_factory=dict)


@dataclass
class World:
    a: Side
    b: Side
    # The word of a canary -> "app.Model.field" that it stands in.
    canaries: dict = field(default_factory=dict)
    # Model -> the numbers of the other side's rows.
    theirs: dict = field(default_factory=dict)


def build_world() -> World:
    """Both sides; B marked."""
    shared = _Shared()
    a = _build("a", shared, departement="91")
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in own_models()}
    b = _build("b", shared, departement="92")
    new = {model: model.objects.exclude(pk__in=old) for model, old in before.items()}
    theirs = {model: sorted(rows.values_list("pk", flat=True)) for model, rows in new.items()}
    world = World(a, b, mark(before), theirs)
    # What is published is everybody's, and bears no word.
    for side in (a, b):
        side.objects |= _published()
    tell_the_planner()
    return world


def tell_the_planner():
    """Let the database count what a test wrote: its own counting sees empty tables, and plans for them."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in own_models())}")


class _Shared:
    """What there is once: the center and those who work for all of it."""

    def __init__(self):
        self.center = Organisation.objects.filter(kind="center").first() or OrganisationFactory(
            kind="center", name="Centre"
        )
        self.staff = {role: self._staff(role) for role in (Role.ADMINISTRATOR, Role.COORDINATOR)}
        self.staff[Role.PROTECTION_OFFICER] = self._staff(Role.PROTECTION_OFFICER)

    def _staff(self, role):
        user = UserFactory(name=f"Staff {role}")
        grant = GrantFactory(user=user, role=role)
        if role == Role.COORDINATOR:
            GrantScopeFactory(grant=grant, organisation=self.center)
        return user


def _build(name, shared, departement):
    """One side. Its main activity takes no more volunteers, so that nobody may look at it who has no part in it."""
    side = Side(users=dict(shared.staff))
    territory = TerritoryFactory(code=departement, name=f"Département {departement}")
    places = _places(name, territory)
    people = _people(name, side, places)
    work = _work(name, side, places, people)
    _roles(side, places, work, territory)
    side.objects |= _campaign(places, people, work["programme"])
    _messages(side, people, work)
    side.objects |= {
        "school": places["school"].pk,
        "organisation": places["member"].pk,
        "class_group": places["class_group"].pk,
        "unused_class": places["unused_class"].pk,
        "volunteer": people["volunteer"].pk,
        "post": people["pending"].pk,
        "pupil": people["pupil"].pk,
        **people["records"],
        "roster": people["roster"].pk,
        "pupil_list": people["pupil_list"].pk,
        **_agreements(people),
        "right": RightsRequestFactory(subject_id=people["pupil"].pk).pk,
        "term": RetentionTerm.objects.get(category="pupil").pk,
        "duplicate_pair": people["pair"].pk,
        "merge": people["merge"].pk,
    }
    return side


def _agreements(people):
    """A yes that was taken back, and what the school must do by hand since."""
    consent = ConsentFactory(
        pupil=people["pupil"],
        guardian=people["guardian"],
        purpose="image",
        withdrawn_at=timezone.now(),
        signature="Eve",
    )
    thing = ByHand.objects.create(pupil=people["pupil"], consent=consent, task="take_photos_off", audience="school")
    return {
        "consent": consent.pk,
        "consent_purpose": "image",
        "by_hand": thing.pk,
        "family_link": family_links.sign(people["guardian"]),
        "pupil_link": family_links.sign(people["pupil"]),
    }


def _places(name, territory):
    member = OrganisationFactory(kind="member_school", name=f"École {name}", city="Massy")
    school = SchoolFactory(
        name=f"Lycée de {name}", departement=territory, email=f"ce.{name}@example.org", phone="0102030405"
    )
    year = current_school_year()
    SchoolYearProfileFactory(school=school, school_year=year, priority_education="REP")
    return {
        "territory": territory,
        "member": member,
        "club": OrganisationFactory(kind="club", name=f"Club {name}", parent=member),
        "partner": OrganisationFactory(kind="association", name=f"Association {name}"),
        "school": school,
        "class_group": ClassGroupFactory(school=school, school_year=year, name=f"2de {name}1"),
        "unused_class": ClassGroupFactory(school=school, school_year=year, name=f"2de {name}2"),
    }


def _people(name, side, places):
    contact = SchoolContactFactory(user=UserFactory(name=f"Ada {name}"), phone="0102030405")
    SchoolPostFactory(contact=contact, school=places["school"], verified=True, subject="maths")
    pending = SchoolPostFactory(contact=SchoolContactFactory(), school=places["school"], subject="physique")
    volunteer = VolunteerFactory(
        user=UserFactory(name=f"Ben {name}"), member_school=places["member"], club=places["club"], phone="0607080910"
    )
    ClearanceFactory(volunteer=volunteer)
    colleague = VolunteerFactory(member_school=places["member"], club=places["club"])
    pupil = PupilFactory(user=UserFactory(name=f"Lou {name}"), first_name="Lou")
    enrolment = EnrolmentFactory(
        pupil=pupil, school=places["school"], class_group=places["class_group"], school_year=_year()
    )
    guardian = GuardianFactory(
        user=UserFactory(name=f"Eve {name}"), email=f"eve.{name}@example.org", phone="0102030405"
    )
    GuardianshipFactory(guardian=guardian, pupil=pupil)
    records = _records(places, pupil, enrolment, guardian, contact)
    roster = RosterFactory(school=places["school"], sender=contact.user, school_year=_year())
    RosterRowFactory(roster=roster, line=2)
    RosterRowFactory(roster=roster, line=3, refused=True)
    RosterEffectFactory(roster=RosterFactory(school=places["school"], applied=True), object_id=pupil.pk)
    GrantFactory(user=pupil.user, role=Role.PUPIL)
    GrantFactory(user=guardian.user, role=Role.GUARDIAN)
    side.users |= {
        Role.SCHOOL_CONTACT: contact.user,
        Role.VOLUNTEER: volunteer.user,
        Role.PUPIL: pupil.user,
        Role.GUARDIAN: guardian.user,
    }
    double = EnrolmentFactory(pupil__first_name="Lou", school=places["school"], school_year=_year()).pupil
    pair = DuplicatePairFactory(one=pupil, other=double)
    merge = Merge.objects.create(kept=double, gone_id=0, pair_id=0, codes=pair.codes, journal=[])
    return {
        "pair": pair,
        "merge": merge,
        "contact": contact,
        "pending": SchoolPost.objects.get(pk=pending.pk),
        "volunteer": volunteer,
        "colleague": colleague,
        "pupil": pupil,
        "guardian": guardian,
        "records": {"enrolment": enrolment.pk, **records},
        "roster": roster,
        "pupil_list": PupilListFactory(sender=contact.user),
    }


def _records(places, pupil, enrolment, guardian, contact):
    """What is written about a pupil: notes, words of the family, the move into this year."""
    note = PupilNoteFactory(pupil=pupil, author=contact.user)
    ConsentFactory(pupil=pupil, purpose="follow_up", recorded_by=contact.user)
    StudyFactory(pupil=pupil, member=True)
    for signer in (guardian, None):
        ConsentFactory(pupil=pupil, guardian=signer, recorded_by=contact.user)
    promotion = PromotionFactory(school=places["school"], school_year=_year(), done_by=contact.user)
    PromotedClassFactory(promotion=promotion, class_group=places["class_group"])
    PromotionRowFactory(promotion=promotion, pupil=pupil, enrolment=enrolment)
    return {"note": note.pk, "promotion": promotion.pk}


def _year():
    return current_school_year()


def _work(name, side, places, people):
    programme = ProgrammeFactory(lead=places["member"], description_fr=f"Tout sur {name}")
    activity = ActivityFactory(
        programme=programme,
        organisation=places["partner"],
        state=Activity.State.CLOSED,
        description_fr=f"Détails {name}",
        school_year=_year(),
    )
    texts = {
        "place": "salle 1", "online_url": "https://example.org/room", "contact_on_site": "M. Durand",
        "briefing": "Sonner deux fois",
    }  # fmt: skip
    facts = {"activity": activity, "school": places["school"], "volunteer_places": 3, **texts}
    session, past = SessionFactory(**facts), SessionFactory(**facts, past=True)
    called_off = SessionFactory(
        **facts, starts_at=timezone.now() + dt.timedelta(days=20), state="cancelled", state_reason="grève"
    )
    booking = BookingFactory(session=session, class_group=places["class_group"], booked_by=people["contact"].user)
    BookingFactory(session=past, class_group=places["class_group"], stage="completed")
    waiting = BookingFactory(session=session, pupil=people["pupil"], class_group=None, seats=1, stage="waitlisted")
    guest = BookingFactory(session=session, guest=GuestFactory(), class_group=None, seats=2)
    LevelQuotaFactory(activity=activity)
    PriorityCriterionFactory(activity=activity)
    asked = AskedQuestionFactory(activity=activity, question__organisation=places["partner"])
    answer = AnswerFactory(asked=asked, booking=waiting, pupil=people["pupil"], value="sans gluten")
    assignment = AssignmentFactory(session=session, volunteer=people["volunteer"])
    AssignmentFactory(session=past, volunteer=people["volunteer"])
    AssignmentFactory(session=session, volunteer=people["colleague"])
    invitation = SessionFactory(**facts | {"starts_at": timezone.now() + dt.timedelta(days=30)})
    invited = AssignmentFactory(session=invitation, volunteer=people["volunteer"], state=Assignment.State.INVITED)
    search = SpeakerSearchFactory(session=invitation, started_by=people["volunteer"].user)
    AskingFactory(search=search, assignment=invited)
    document = KitDocumentFactory(kit=KitFactory(activity=activity))
    WhatIfFactory(kit=document.kit)
    KitOpeningFactory(assignment=assignment)
    QuietVolunteerFactory(volunteer=people["colleague"])
    HeadcountFactory(session=past, class_group=places["class_group"], confirmed_by=people["contact"].user)
    AttendanceFactory(session=past, pupil=people["pupil"])
    RollEntryFactory(session=past, pupil=people["pupil"], by=people["volunteer"].user)
    ReplyFactory(feedback__session=past)
    ReplyFactory(feedback=teachers_sheet(past, people), value=None, text="Trop court")
    return {
        "programme": programme,
        "activity": activity,
        "session": session,
        "past": past,
        "called_off": called_off,
        "booking": booking,
        "waiting": waiting,
        "guest": guest,
        "asked": asked,
        "answer": answer,
        "assignment": assignment,
        "invitation": invitation,
        "search": search,
        "kit_document": document,
        **_requests(places, people, activity),
        **_pool(places, people, activity),
    } | {"target": TargetFactory(programme=programme, school_year=_year())}


def teachers_sheet(session, people):
    asked = Questionnaire.objects.get(audience="teacher", version=1)
    return FeedbackFactory(session=session, questionnaire=asked, by=people["contact"].user)


def _published():
    """A date and a camp that everybody may read of and register for."""
    house = OrganisationFactory(kind="member_school")
    programme = ProgrammeFactory(lead=house, code=str(house.pk))  # a number, as the absent one is
    facts = {"is_public": True, "registration_for": ["public"], "organisation": house, "programme": programme}
    session = SessionFactory(activity=ActivityFactory(**facts), school=None, campus=house)
    camp = SessionFactory(activity=ActivityFactory(seats=20, **facts), school=None, campus=house)
    return {
        "public_session": session.pk,
        "public_whole": camp.activity_id,
        "public_programme": house.pk,
        "public_organisation": house.pk,
    }


def _requests(places, people, activity):
    texts = {"wish": "Parler des métiers", "needs": "Un vidéoprojecteur"}
    common = {"school": places["school"], "contact": people["contact"], **texts}
    requests = {
        "draft": TalkRequestFactory(**common),
        "sent": TalkRequestFactory(**common, sent=True),
        "accepted": TalkRequestFactory(**common, accepted=True, activity=activity),
        "declined": TalkRequestFactory(**common, declined=True, decline_text="Trop loin"),
    }
    for talk in requests.values():
        RequestedClassFactory(request=talk)
        RequestedSlotFactory(request=talk)
    return requests


def _campaign(places, people, programme):
    """A campaign in which the school said yes, the volunteer is asked, and a plan is to be looked at."""
    campaign = CampaignFactory(programme=programme, organisation=places["member"], letter_fr="Chers collègues")
    place = CampaignSchoolFactory(
        campaign=campaign, school=places["school"], contact=people["contact"], note="Sonner", yes=True
    )
    chosen = CampaignSchoolFactory(campaign=campaign)
    talk = CampaignTalkFactory(place=place, class_group=places["class_group"])
    speaker = CampaignSpeakerFactory(campaign=campaign, volunteer=people["volunteer"], yes=True)
    planned = PlannedTalkFactory(talk=talk, refusal="Trop tard")
    PlannedSpeakerFactory(planned=planned, speaker=speaker, refusal="Pris ailleurs")
    PairRuleFactory(talk=talk, speaker=speaker)
    return {
        "campaign": campaign.pk,
        "campaign_school": place.pk,
        "chosen_school": chosen.pk,
        "campaign_talk": talk.pk,
        "campaign_speaker": speaker.pk,
        "campaign_plan": planned.plan.pk,
        "planned_talk": planned.pk,
        "invitation_link": invitations.link(place).rstrip("/").rsplit("/", 1)[-1],
    }


def _pool(places, people, activity):
    pupil, made = people["pupil"], PoolRoundFactory(activity=activity, reason="Tu es venue en octobre")
    PoolEntryFactory(pupil=pupil, door="nomination")
    NominationFactory(pupil=pupil, school=places["school"], nominated_by=people["contact"].user)
    PoolInvitationFactory(round=made, pupil=pupil)
    return {"pool_round": made, "self_entry": SelfEntryFactory(waiting=True), "newcomer": SelfEntryFactory()}


def _roles(side, places, work, territory):
    """The roles that need a scope, each on this side only."""
    manager = ProgrammeScopeFactory(programme=work["programme"])
    side.users[Role.PROGRAMME_MANAGER] = manager.grant.user
    for role, scope in {
        Role.CLUB_OFFICER: {"organisation": places["club"]},
        Role.PARTNER: {"organisation": places["partner"]},
        Role.GOVERNMENT_READER: {"territory": territory},
    }.items():
        user = UserFactory(name=f"{role}")
        GrantScopeFactory(grant=GrantFactory(user=user, role=role), **scope)
        side.users[role] = user
    side.users[Role.RESEARCHER] = GrantFactory(user=UserFactory(name="Researcher"), role=Role.RESEARCHER).user


def _messages(side, people, work):
    session, contact, volunteer = work["session"], people["contact"].user, people["volunteer"].user
    of_rule = {rule.occasion: rule for rule in Rule.objects.all()}
    message = MessageFactory(
        rule=of_rule["activities.school_confirmed"],
        recipient=contact,
        occasion="activities.school_confirmed",
        about=session.pk,
        key=f"session:{session.pk}",
    )
    MessageFactory(
        rule=of_rule["activities.volunteer_confirmed"],
        recipient=volunteer,
        occasion="activities.volunteer_confirmed",
        about=session.pk,
        key=f"volunteer:{session.pk}",
        state=Message.State.SENT,
        sent_at=timezone.now(),
        subject="C’est confirmé",
        text="Bonjour",
        html="<p>Bonjour</p>",
    )
    job = JobFactory(owner=contact)
    past = work["past"]
    side.objects |= {
        "session": session.pk,
        "past_session": past.pk,
        "invitation": work["invitation"].pk,
        "search": work["search"].pk,
        "kit_document": work["kit_document"].pk,
        "assignment": work["assignment"].pk,
        "booking": work["booking"].pk,
        "waiting": work["waiting"].pk,
        "asked": work["asked"].pk,
        "answer": work["answer"].pk,
        "subscription_link": subscription_links.sign(SubscriptionFactory()),
        "place_link": place_links.sign(work["guest"], work["guest"].guest),
        "programme": work["programme"].pk,
        "activity": work["activity"].pk,
        "draft": work["draft"].pk,
        "request": work["sent"].pk,
        "pool_round": work["pool_round"].pk,
        "self_entry": work["self_entry"].pk,
        "newcomer_link": newcomers.sign(work["newcomer"]),
        "target": work["target"].pk,
        "message": message.pk,
        "rule": message.rule.pk,
        "job": job.pk,
        "headcount_link": links.sign(volunteer, purpose="headcount", object_id=past.pk),
        "calendar_link": links.sign(volunteer, purpose="calendar"),
        "feedback_code": feedback.code_of(past.pk),
        "feedback_link": links.sign(contact, purpose="feedback", object_id=past.pk),
    }


def own_models():
    """Every model of ours that holds rows of people and things, without the histories: the database fills those."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith(OWN_PACKAGES) and not hasattr(model, "pgh_tracked_model")
    ]


def mark(before) -> dict[str, str]:
    """A word of its own in every text field of every row that was not there before; returns word -> field. The links
    that were signed before stay good, though each address is another one now."""
    canaries = {}
    for model in own_models():
        rows = model.objects.exclude(pk__in=before[model])
        if model in {Rule, Territory}:
            continue
        for text_field in filter(_may_be_marked, model._meta.concrete_fields):
            for pk in rows.values_list("pk", flat=True):
                word = f"zqx{len(canaries):05d}"
                # A text that a constraint wants empty (the reason of what was not called off) stays empty.
                with suppress(IntegrityError), transaction.atomic():
                    model.objects.filter(pk=pk).update(**{text_field.name: _dress(text_field, word)})
                    canaries[word] = f"{model._meta.app_label}.{model.__name__}.{text_field.name}{_whose(model, pk)}"
    for model in (Guardian, Pupil):
        model.objects.exclude(pk__in=before[model]).update(link_key=1)
    return canaries


def _whose(model, pk):
    """Whose way to sign in a user is: a colleague's address may be known where a pupil's may not."""
    if model is not User:
        return ""
    user = User.objects.get(pk=pk)
    people = ("school_contact", "volunteer", "pupil", "guardian")
    return next((f" of {person}" for person in people if hasattr(user, person)), "")


def _may_be_marked(text_field):
    is_text = isinstance(text_field, (models.CharField, models.TextField)) and not text_field.choices
    is_long = not text_field.max_length or text_field.max_length >= len("zqx00000")
    return is_text and is_long and f"{text_field.model.__name__}.{text_field.name}" not in STEERING


def _dress(text_field, word):
    """The word in the shape that the field asks for."""
    if isinstance(text_field, models.EmailField):
        return f"{word}@example.org"
    if isinstance(text_field, models.URLField):
        return f"https://example.org/{word}"
    return word


def users_of(side: Side) -> dict[str, User]:
    """The users of a side as they are now, by role."""
    fresh = User.objects.in_bulk([user.pk for user in side.users.values()])
    return {role: fresh[user.pk] for role, user in side.users.items()}
