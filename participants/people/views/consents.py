"""Consents as schools and the center follow them: who is missing, the papers, the ledger, the texts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from participants.accounts.answers import need
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.correspondence.actions import start_job
from participants.organisations.models import ClassGroup
from participants.organisations.school_years import current_school_year
from participants.people import actions, family_lists, papers, photo_lists, questions, scans
from participants.people.forms import ConsentTextForm, GuardianForm, PaperForm
from participants.people.models import ByHand, Consent, ConsentText, Guardianship, Look, Pupil, Purpose
from participants.people.rights import looks

PAGE_SIZE = 50


@require_safe
def family_list(request):
    """The pupils of one's school this year, each done or missing for one purpose."""
    need(request, Permission.PUPIL_MANAGE)
    chosen = family_lists.Choice(request.user, request.GET)
    page = BoundedPaginator(chosen.pupils, PAGE_SIZE).get_page(request.GET.get("page"))
    pupils = list(page.object_list)
    context = {
        "page": page,
        "rows": family_lists.rows(pupils, chosen.done_among(pupils)),
        "chosen": chosen,
        "form": chosen.form,
    }
    return render(request, "participants/people/family_list.html", context)


@require_POST
def class_ask(request, pk):
    """Send the links to everybody of a class who has something to answer; again on the same day changes nothing."""
    group = _class_of(request, pk)
    written = actions.ask(pupils=list(family_lists.pupils_of(request.user, group)))
    text = ngettext("%(n)d mail leaves now.", "%(n)d mails leave now.", written) % {"n": written}
    messages.success(
        request, text if written else _("Everybody with an address has been written to today, or has answered.")
    )
    return redirect(family_lists.address_of(group))


@require_POST
def class_photos(request, pk):
    """Ask for the list of who may be in a picture, and who not."""
    group = _class_of(request, pk)
    job = start_job(kind=photo_lists.KIND, owner=request.user, parameters={"class_group": group.pk})
    return redirect(job)


@require_safe
@cache_control(private=True, no_store=True)
def class_papers(request, pk):
    """The paper forms of those of a class who are missing, as one PDF."""
    group = _class_of(request, pk)
    pupils = questions.waiting(family_lists.pupils_of(request.user, group))
    return _pdf(request, pupils, f"accords-{group.pk}.pdf")


def _class_of(request, pk):
    need(request, Permission.PUPIL_MANAGE)
    classes = ClassGroup.objects.filter(enrolments__pupil__in=Pupil.objects.managed_by(request.user)).distinct()
    return get_object_or_404(classes, pk=pk, school_year=current_school_year())


def _pupil(request, pk, permission=Permission.PUPIL_MANAGE):
    need(request, permission)
    pupil = get_object_or_404(Pupil.objects.managed_by(request.user), pk=pk)
    looks.note(request.user, pupil)
    return pupil


@require_safe
def family_detail(request, pk):
    """The family of one pupil: who answers, what is missing, what can be done about it."""
    pupil = _pupil(request, pk)
    links = {link.rank: link for link in pupil.guardianships.select_related("guardian")}
    context = {
        "pupil": pupil,
        "places": [(rank, links.get(rank.value)) for rank in Guardianship.Rank],
        "states": family_lists.states_of(pupil),
        "may_send": questions.waiting(Pupil.objects.filter(pk=pupil.pk)) and family_lists.is_reachable(pupil),
        "may_read_ledger": request.user.can(Permission.CONSENT_MANAGE),
    }
    return render(request, "participants/people/family_detail.html", context)


@require_POST
def family_ask(request, pk):
    """Send the links to this one family again, once an hour."""
    pupil = _pupil(request, pk)
    written = actions.ask(pupils=[pupil], key=family_lists.key_of_the_hour())
    if written:
        messages.success(request, _("The mail leaves now."))
    else:
        messages.info(request, _("This family was written to less than an hour ago, has answered, or has no address."))
    return redirect("people:family-detail", pk)


@require_safe
@cache_control(private=True, no_store=True)
def family_paper(request, pk):
    """The paper form of one family."""
    pupil = _pupil(request, pk)
    return _pdf(request, [pupil], f"accords-{pupil.pk}.pdf")


def _pdf(request, pupils, name):
    looks.note(request.user, pupils, Look.What.FILE)
    response = HttpResponse(papers.write(pupils), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def guardian_edit(request, pk, rank):
    """Enter or correct one of the two guardians."""
    pupil = _pupil(request, pk)
    if rank not in Guardianship.Rank.values:
        raise Http404
    link = Guardianship.objects.filter(pupil=pupil, rank=rank).select_related("guardian").first()
    form = GuardianForm(request.POST or None, instance=link.guardian if link else None)
    if request.method == "POST" and form.is_valid() and _keep_guardian(request, form, pupil, rank):
        return redirect("people:family-detail", pk)
    context = {"form": form, "pupil": pupil, "rank": Guardianship.Rank(rank), "link": link}
    return render(request, "participants/people/family_guardian.html", context)


def _keep_guardian(request, form, pupil, rank):
    try:
        actions.set_guardian(pupil=pupil, rank=rank, by=request.user, **form.facts())
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    messages.success(request, _("The guardian is saved."))
    return True


@require_POST
def guardian_remove(request, pk, rank):
    """This person does not answer for the pupil any more."""
    pupil = _pupil(request, pk)
    get_object_or_404(Guardianship, pupil=pupil, rank=rank)
    actions.remove_guardian(pupil=pupil, rank=rank, by=request.user)
    messages.success(request, _("The guardian is taken out."))
    return redirect("people:family-detail", pk)


def family_scan(request, pk):
    """Record a signed paper with its scan."""
    pupil = _pupil(request, pk)
    form = PaperForm(request.POST or None, request.FILES or None, pupil=pupil)
    if request.method == "POST" and form.is_valid() and _record_paper(request, form):
        return redirect("people:family-detail", pk)
    return render(request, "participants/people/family_scan.html", {"form": form, "pupil": pupil})


def _record_paper(request, form):
    try:
        name = scans.keep(form.cleaned_data["scan"])
    except ValidationError as refusal:
        form.add_error("scan", refusal)
        return False
    try:
        lines = actions.sign(words=form.words(), channel=Consent.Channel.PAPER, by=request.user, scan=name)
    except ValidationError as refusal:
        scans.forget(name)
        form.add_error(None, refusal)
        return False
    if lines:
        messages.success(request, _("The paper is recorded."))
    else:
        scans.forget(name)
        messages.info(request, _("This was already recorded: nothing has changed."))
    return True


@require_safe
@cache_control(private=True, no_store=True)
def consent_scan(request, pk):
    """The scan of a paper, for those who manage consents."""
    need(request, Permission.CONSENT_MANAGE)
    seen = Consent.objects.filter(pupil__in=Pupil.objects.managed_by(request.user)).exclude(scan="")
    consent = get_object_or_404(seen, pk=pk)
    path = scans.path_of(consent.scan)
    if not path.exists():
        raise Http404
    looks.note(request.user, [consent.pupil_id], Look.What.FILE)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=f"consent-{consent.pk}{path.suffix}")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def consent_ledger(request, pk):
    """Every word about one pupil: who, what, of which version, how, when, until when, taken back."""
    pupil = _pupil(request, pk, Permission.CONSENT_MANAGE)
    lines = Consent.objects.filter(pupil=pupil).select_related("text", "guardian", "pupil").order_by("-said_at", "-pk")
    return render(request, "participants/people/consent_ledger.html", {"pupil": pupil, "lines": lines})


@require_POST
def consent_end(request, pk):
    """Take a yes back for a family that said so by telephone or on paper."""
    need(request, Permission.CONSENT_MANAGE)
    seen = Consent.objects.filter(pupil__in=Pupil.objects.managed_by(request.user))
    consent = get_object_or_404(seen, pk=pk)
    if actions.withdraw(consent=consent, by=request.user):
        messages.success(request, _("Done: it counts from now on."))
    else:
        messages.info(request, _("This agreement had already ended."))
    return redirect("people:consent-ledger", consent.pupil_id)


@require_safe
def consent_text_list(request):
    """What families read now, one text a purpose, and the versions before."""
    need(request, Permission.CONSENT_MANAGE)
    texts = ConsentText.objects.visible_to(request.user).order_by("purpose", "-version")
    return render(request, "participants/people/consent_text_list.html", {"texts": texts})


def consent_text_edit(request, purpose):
    """Publish a new version of a text; the old one stays in the ledger of those who signed it."""
    need(request, Permission.CONSENT_MANAGE)
    if purpose not in Purpose.values:
        raise Http404
    current = ConsentText.objects.current().filter(purpose=purpose).first()
    fields = ConsentTextForm.Meta.fields
    initial = {name: getattr(current, name) for name in fields} if current else {}
    form = ConsentTextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        text = form.save(commit=False)
        text.purpose = purpose
        actions.publish_text(text=text, by=request.user, ask_again=form.cleaned_data["ask_again"])
        messages.success(request, _("The new version is published: families read it from now on."))
        return redirect("people:consent-text-list")
    context = {"form": form, "current": current, "purpose": Purpose(purpose)}
    return render(request, "participants/people/consent_text_edit.html", context)


@require_safe
def by_hand_list(request):
    """What is to be done by hand after agreements were taken back."""
    if not (request.user.can(Permission.CONSENT_MANAGE) or request.user.can(Permission.PUPIL_MANAGE)):
        raise Http404
    things = ByHand.objects.visible_to(request.user).select_related("pupil", "done_by")
    context = {"things": things.open(), "done": things.exclude(done_at=None).order_by("-done_at")[:20]}
    return render(request, "participants/people/by_hand_list.html", context)


@require_POST
def by_hand_finish(request, pk, is_done):
    """It is done, or it was not after all."""
    thing = get_object_or_404(ByHand.objects.visible_to(request.user), pk=pk)
    if is_done:
        actions.finish_by_hand(thing=thing, by=request.user)
        messages.success(request, _("Noted as done."))
    else:
        actions.reopen_by_hand(thing=thing)
        messages.success(request, _("Back on the list."))
    return redirect("people:by-hand-list")
