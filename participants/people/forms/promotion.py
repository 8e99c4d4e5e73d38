from django import forms
from django.utils.translation import gettext_lazy as _

from participants.organisations.levels import Level, levels_of
from participants.people.models import Outcome
from participants.people.promotion import Plan, Step, ways_on


class PromotionForm(forms.Form):
    """The plan of September, class by class and pupil by pupil, as the rules propose it."""

    def __init__(self, *args, plan: Plan, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposed = plan
        for step in plan.steps.values():
            self.fields[f"name_{step.key}"] = forms.CharField(
                label=_("Class next year"), required=False, max_length=40, initial=step.name
            )
            self.fields[f"level_{step.key}"] = forms.ChoiceField(
                label=_("Expected level"), required=False, initial=step.level, choices=_levels(step, school.kind)
            )
            for enrolment in step.enrolments:
                self.fields[f"outcome_{enrolment.pk}"] = forms.ChoiceField(
                    label=str(enrolment.pupil),
                    choices=Outcome,
                    initial=step.outcome,
                    error_messages={"required": _("This pupil was entered meanwhile: say what becomes of them.")},
                )

    def steps(self):
        """(step, field of the name, field of the level, fields of the pupils) for each class, for the page."""
        return [
            (
                step,
                self[f"name_{step.key}"],
                self[f"level_{step.key}"],
                [self[f"outcome_{enrolment.pk}"] for enrolment in step.enrolments],
            )
            for step in self.proposed.steps.values()
        ]

    def plan(self) -> Plan:
        """The plan as corrected."""
        wanted = self.cleaned_data
        steps = {
            key: Step(
                key=key,
                before_name=step.before_name,
                before=step.before,
                name=wanted[f"name_{key}"],
                level=wanted[f"level_{key}"],
                outcome=step.outcome,
                enrolments=step.enrolments,
            )
            for key, step in self.proposed.steps.items()
        }
        outcomes = {pk: wanted[f"outcome_{pk}"] for pk in self.proposed.outcomes}
        return Plan(steps, outcomes, self.proposed.key_of)


class ConfirmClassForm(forms.Form):
    """The level in which a class really is."""

    level = forms.ChoiceField(label=_("Level"))

    def __init__(self, *args, group, expected="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = _levels_of(group.school)
        self.fields["level"].initial = expected or (group.level if group.level != Level.UNKNOWN else "")


class ConfirmAloneForm(forms.Form):
    """The level in which pupils without a class really are, of those of whom the same was expected."""

    level = forms.ChoiceField(label=_("Level"))
    expected = forms.ChoiceField(required=False, choices=[("", ""), *Level.choices], widget=forms.HiddenInput)

    def __init__(self, *args, school, expected="", **kwargs):
        super().__init__(*args, auto_id=False, initial={"expected": expected, "level": expected}, **kwargs)
        self.fields["level"].choices = _levels_of(school)


def _levels_of(school):
    return [("", "–"), *((level.value, level.label) for level in levels_of(school.kind))]


def _levels(step, kind):
    """The ways on first, then every level of the school."""
    ways = ways_on(step.before, kind) if step.before else []
    others = [level for level in levels_of(kind) if level not in ways]
    return [("", _("unknown until September")), *((level, Level(level).label) for level in [*ways, *others])]
