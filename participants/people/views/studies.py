"""What somebody studied after the bac: for the center on a page of the record, for the young person on a page of one's own,
by a personal link or by one's account."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.accounts import links
from participants.accounts.answers import attempt, need, number_in, settle
from participants.accounts.models import User
from participants.accounts.roles import Permission
from participants.people import actions, consents, family_links
from participants.people.ages import DECIDES_ALONE
from participants.people.forms import OwnStudyForm, StudyForm
from participants.people.models import Pupil, Purpose, Study
from participants.people.rights import looks
from participants.people.views.families import no_such_link


def pupil_studies(request, pk):
    """What the center knows of somebody's studies, while they agree to be followed."""
    need(request, Permission.PUPIL_MANAGE)
    pupil = get_object_or_404(Pupil.objects.followed_by(request.user), pk=pk)
    looks.note(request.user, pupil)
    page = Page(
        pupil=pupil,
        studies=Study.objects.visible_to(request.user).filter(pupil=pupil),
        by=request.user,
        here=reverse("people:pupil-studies", args=[pk]),
        template="participants/people/pupil_studies.html",
    )
    return page.answer(request, StudyForm)


@links.opened_with(family_links.read)
@require_http_methods(["GET", "HEAD", "POST"])
def family_studies(request, link):
    """One's own studies, opened by the personal link of a pupil who decides alone."""
    if link is None or link.pupil is None:
        return no_such_link(request)
    here, family = (reverse(f"people:family-{name}", args=[link.token]) for name in ("studies", "page"))
    return Page(pupil=link.pupil, studies=link.pupil.studies, by=None, here=here, family_url=family).answer(request)


def own_studies(request):
    """The same for whoever has an account."""
    pupil = Pupil.objects.named().filter(user=request.user).first()
    if pupil is None or pupil.age < DECIDES_ALONE:
        raise Http404
    here, family = reverse("people:own-studies"), reverse("people:consent-page")
    return Page(pupil=pupil, studies=pupil.studies, by=request.user, here=here, family_url=family).answer(request)


@dataclass(frozen=True)
class Page:
    """The years that were told and the form for one more; what is sent is done, and the page comes again."""

    pupil: Pupil
    studies: QuerySet
    by: User | None
    here: str
    template: str = "participants/people/own_studies.html"
    family_url: str = ""

    def answer(self, request, make_form=OwnStudyForm):
        if "remove" in request.POST:
            self._forget(request)
            return redirect(self.here)
        form = make_form(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._tell(form):
            messages.success(request, _("Thank you: it is noted."))
            return redirect(self.here)
        context = {
            "pupil": self.pupil,
            "form": form,
            "agrees": consents.is_allowed(self.pupil.pk, Purpose.FOLLOW_UP),
            "studies": self.studies.select_related("member_school").order_by("-school_year"),
            "family_url": self.family_url,
        }
        return render(request, self.template, context)

    def _tell(self, form):
        return settle(form, actions.tell_studies, pupil=self.pupil, by=self.by, **form.told())

    def _forget(self, request):
        study = self.studies.filter(pk=number_in(request.POST["remove"])).first()
        if study:  # a second tap finds nothing left
            attempt(request, actions.forget_studies, _("It is removed."), study=study, by=self.by)
