"""What a school sees of its families: per pupil done or missing, never who said what."""

from dataclasses import dataclass

from django import forms
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from participants.accounts.paging import EVERY_ROW, bounded_count
from participants.organisations.models import ClassGroup
from participants.organisations.school_years import current_school_year
from participants.people import questions
from participants.people.consents import allowed, is_allowed, lacking
from participants.people.models import Enrolment, Guardian, Pupil, Purpose

HERE = {"state": Enrolment.State.ENROLLED}


class ChoiceForm(forms.Form):
    """The filters of the list, kept in the address."""

    class_group = forms.ModelChoiceField(
        label=_("Class"), queryset=ClassGroup.objects.none(), required=False, empty_label=_("all")
    )
    purpose = forms.ChoiceField(
        label=_("Agreement"), required=False, choices=[(purpose, purpose.label) for purpose in questions.SCHOOL_SEES]
    )
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("everybody")), ("missing", _("missing")), ("done", _("done"))]
    )

    def __init__(self, *args, classes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["class_group"].queryset = classes


class Choice:
    """One reading of the filters: the pupils, who of them is done, how many are missing. Of more than pages show
    nothing is counted: a class is chosen first."""

    def __init__(self, user, query):
        here = Enrolment.objects.filter(school_year=current_school_year(), **HERE)
        everybody = Pupil.objects.managed_by(user).filter(pk__in=here.values("pupil"))
        classes = ClassGroup.objects.filter(pk__in=here.filter(pupil__in=everybody).values("class_group"))
        self.form = ChoiceForm(query, classes=classes.order_by("school", "name"))
        self.form.is_valid()
        wanted = self.form.cleaned_data
        self.group = wanted.get("class_group")
        self.purpose = Purpose(wanted.get("purpose") or Purpose.TAKING_PART)
        self.show = wanted.get("show", "")
        if self.group:
            everybody = everybody.filter(pk__in=here.filter(class_group=self.group).values("pupil"))
        self._everybody = everybody

    def done_among(self, pupils) -> set[int]:
        alone = Pupil.objects.filter(pk__in=[pupil.pk for pupil in pupils])
        return set(allowed(alone, self.purpose).values_list("pk", flat=True))

    @cached_property
    def total(self) -> int:
        return bounded_count(self._everybody, EVERY_ROW)

    @property
    def is_counted(self) -> bool:
        return self.total <= EVERY_ROW

    @property
    def missing(self) -> int:
        return self.total - allowed(self._everybody, self.purpose).count()

    @property
    def pupils(self):
        """In the order of names, with what a row of the list shows."""
        found = self._everybody
        if self.show == "missing":
            found = lacking(found, self.purpose)
        elif self.show == "done":
            found = allowed(found, self.purpose)
        now = Enrolment.objects.filter(school_year=current_school_year()).select_related("class_group")
        found = found.prefetch_related(Prefetch("enrolments", now, to_attr="now"), questions.who_answers())
        return found.order_by("sort_name", "pk")


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    pupil: Pupil
    class_name: str
    is_done: bool
    guardians: int
    is_reachable: bool


def rows(pupils, done) -> list[Row]:
    return [
        Row(
            pupil,
            pupil.now[0].class_group.name if pupil.now and pupil.now[0].class_group else "",
            pupil.pk in done,
            len(pupil.answering),
            any(link.guardian.email for link in pupil.answering),
        )
        for pupil in pupils
    ]


def pupils_of(user, group):
    """The pupils of a class that this person manages."""
    here = Enrolment.objects.filter(class_group=group, **HERE)
    return Pupil.objects.managed_by(user).filter(pk__in=here.values("pupil")).order_by("sort_name", "pk")


def states_of(pupil) -> list[tuple[str, bool]]:
    """What a school needs to know of one pupil: each purpose, done or missing."""
    return [(purpose.label, is_allowed(pupil.pk, purpose)) for purpose in questions.SCHOOL_SEES]


def is_reachable(pupil) -> bool:
    return any(person.email for person in questions.signers_of(pupil))


def key_of_the_hour() -> str:
    return f"again:{timezone.now():%Y-%m-%dT%H}"


def address_of(group) -> str:
    return f"{reverse('people:family-list')}?class_group={group.pk}"


def to_sign(user) -> list[tuple[str, int]]:
    """For the home page of a family: each child by first name with how many answers are open."""
    guardian = Guardian.objects.filter(user=user).first()
    pupil = Pupil.objects.named().filter(user=user).first()
    children = questions.children_of(guardian) if guardian else questions.of_pupil(pupil) if pupil else []
    waiting = [(child.pupil.first_name, len(questions.open_questions([child]))) for child in children]
    return [(name, number) for name, number in waiting if number]
