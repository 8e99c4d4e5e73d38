"""The one page of a family: what is to answer, what was answered, and how to take it back. By a personal link or by
one's own account."""

from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.accounts import links
from participants.accounts.answers import number_in
from participants.people import actions, family_links, family_offers, limits, questions
from participants.people.forms import FamilyForm, NewLinkForm
from participants.people.models import Consent, Guardian, Pupil

Channel = Consent.Channel


class Signer:
    """Who answers on the page: a guardian for all their children, or a pupil who decides alone."""

    def __init__(self, guardian, pupil):
        self.guardian, self.pupil = guardian, pupil

    def children(self):
        return questions.children_of(self.guardian) if self.guardian else questions.of_pupil(self.pupil)

    @property
    def person(self):
        return self.guardian or self.pupil

    def words(self):
        """The lines that this signer may take back: their own, and those that a child below 15 said beside them."""
        return Consent.objects.standing().filter(
            pk__in=[q.word.pk for child in self.children() for q in child.everything if q.is_given]
        )


@links.opened_with(family_links.read)
@require_http_methods(["GET", "HEAD", "POST"])
def family_page(request, link):
    """All that a guardian, or a pupil of 15, is asked; opened by a personal link."""
    if link is None:
        return no_such_link(request)
    signer = Signer(link.guardian, link.pupil)
    with _their_language(request, signer):
        return _page(request, signer, Channel.LINK, reverse("people:family-page", args=[link.token]), link.token)


@links.opened_with(family_links.read)
@require_http_methods(["GET", "HEAD", "POST"])
def family_withdraw(request, link):
    """Take one yes back, by a personal link: a page that says what follows, and one button."""
    if link is None:
        return no_such_link(request)
    signer = Signer(link.guardian, link.pupil)
    with _their_language(request, signer):
        return _withdrawal(request, signer, reverse("people:family-page", args=[link.token]))


def no_such_link(request):
    """What a link that does not open leads to: a page that sends a new one."""
    context = {"form": NewLinkForm()}
    return render(request, "participants/people/family_link_over.html", context, status=404)


def _their_language(request, signer):
    """The language of the family's own mail, unless one was chosen in this browser."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not signer.guardian:
        return translation.override(translation.get_language())
    return translation.override(signer.guardian.language)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def family_new_link(request):
    """Ask for a new link; the answer is the same whether somebody is reached at this address or not."""
    form = NewLinkForm(request.POST or None)
    is_sent = False
    if request.method == "POST":
        if limits.asks_too_often(request):
            return respond_429(request)
        if form.is_valid():
            actions.send_links(address=form.cleaned_data["email"])
            is_sent = True
    context = {"form": form, "is_sent": is_sent, "days": family_links.LASTS.days}
    return render(request, "participants/people/family_new_link.html", context)


def consent_page(request):
    """The same page for whoever has an account."""
    signer = _signer_of(request.user)
    return _page(request, signer, Channel.ACCOUNT, reverse("people:consent-page"), "")


def consent_withdraw(request):
    """The same for whoever has an account."""
    return _withdrawal(request, _signer_of(request.user), reverse("people:consent-page"))


def _signer_of(user):
    guardian = Guardian.objects.filter(user=user).first()
    pupil = Pupil.objects.named().filter(user=user).first()
    if guardian is None and pupil is None:
        raise Http404
    return Signer(guardian, None if guardian else pupil)


def _page(request, signer, channel, url, token):
    form = FamilyForm(request.POST or None, children=signer.children())
    if request.method == "POST" and form.is_valid() and _sign(request, form, channel):
        return redirect(url)
    withdraw_url = reverse("people:family-withdraw", args=[token]) if token else reverse("people:consent-withdraw")
    context = {
        "form": form,
        "rows": form.rows(),
        "person": signer.person,
        "is_guardian": signer.guardian is not None,
        "waiting": len(questions.open_questions(form.children)),
        "withdraw_url": withdraw_url,
        "offers": family_offers.open_to(signer.person, token),
    }
    return render(request, "participants/people/family_page.html", context)


def _sign(request, form, channel):
    by = request.user if channel == Channel.ACCOUNT else None
    try:
        actions.sign(words=form.words(), channel=channel, by=by)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, _("Thank you: your answers are recorded."))
    return True


def _withdrawal(request, signer, url):
    found = signer.words().select_related("pupil", "text", "guardian")
    consent = found.filter(pk=number_in(request.GET.get("consent", ""))).first()
    if consent is None:  # taken back already, or never one's own: the page says what holds
        return redirect(url)
    if request.method == "POST":
        by = request.user if request.user.is_authenticated else None
        actions.withdraw(consent=consent, by=by)
        messages.success(request, _("Done: it counts from now on."))
        return redirect(url)
    context = {"consent": consent, "back_url": url}
    return render(request, "participants/people/family_withdraw.html", context)
