"""What lines of files say about pupils and those who answer for them, by what people outside know them by."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from participants.accounts.text import fold
from participants.accounts.travel import Line, OneOf
from participants.people.models import Guardianship, Pupil

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class PupilLine(Line):
    """A line about a pupil: name without accents, date of birth and a school, never the name alone."""

    pupil_last_name = forms.CharField()
    pupil_first_name = forms.CharField()
    pupil_birth_date = forms.DateField(input_formats=DAYS)
    pupil_uai = forms.CharField(required=False)

    def clean(self):
        said = super().clean()
        is_named = all(said.get(name) for name in ("pupil_last_name", "pupil_first_name", "pupil_birth_date"))
        said["pupil"] = self._pupil(said) if is_named else None
        return said

    def pupils(self):
        """Among whom the pupil is looked for."""
        return Pupil.objects.visible_to(self.user)

    def _pupil(self, said):
        uai = said["pupil_uai"].upper()
        named = self.pupils().filter(
            sort_name=fold(f"{said['pupil_last_name']} {said['pupil_first_name']}"), birth_date=said["pupil_birth_date"]
        )
        named = named.filter(enrolments__school__uai=uai) if uai else named.filter(enrolments=None)
        found = named.distinct()[:2]
        if len(found) == 1:
            return found[0]
        self.refuse("pupil_last_name", self._why_not(found, uai))
        return None

    def _why_not(self, found, uai):
        if found:
            return _("Several pupils have this name and date of birth: do it on the page of the pupil.")
        if not uai:
            return _("Say the school of the pupil by its UAI: a name alone is not enough.")
        return _("You follow no pupil of this name and date of birth in this school: check the line.")


class GuardianLine(PupilLine):
    """Somebody who answers for a pupil: known by their name beside the name of the pupil."""

    group = ("pupil_last_name", "pupil_first_name", "pupil_birth_date", "pupil_uai")

    rank = forms.IntegerField(required=False, min_value=1, max_value=2)
    last_name = forms.CharField(max_length=80)
    first_name = forms.CharField(max_length=80)
    email = forms.EmailField(required=False)
    phone = forms.CharField(required=False, max_length=30)
    language = OneOf(settings.LANGUAGES)

    def pupils(self):
        return Pupil.objects.managed_by(self.user)

    def found(self):
        """The guardian of this name; somebody else in the place that is asked for stays there."""
        said = self.cleaned_data
        taken = {link.rank: link for link in said["pupil"].guardianships.select_related("guardian")}
        name = fold(f"{said['last_name']} {said['first_name']}")
        for link in taken.values():
            if link.guardian.sort_name == name:
                return link
        free = [rank for rank in Guardianship.Rank.values if rank not in taken]
        said["rank"] = said["rank"] or next(iter(free), None)
        if said["rank"] not in free:
            self.refuse(
                "rank", _("Somebody of another name stands there: correct or take them out on the page of the pupil.")
            )
        return None
