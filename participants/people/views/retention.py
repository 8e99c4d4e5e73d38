"""Terms, the record of processing, and the trace of who looked and who changed."""

from django.apps import apps
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.models import User
from participants.accounts.office import TABLES
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import ROLES, Permission, Role
from participants.people import actions, histories
from participants.people.forms.rights import TermForm
from participants.people.models import Category, Enrolment, Farewell, Look, Pupil, RetentionRun, RetentionTerm
from participants.people.rights import relations, terms
from participants.people.rights.erasure import model_of
from participants.people.views.rights import need

PAGE_SIZE = 50
RUNS = 7


def term_list(request):
    """How long each kind of data stays, who is about to go, what the last nights did or would have done."""
    need(request, Permission.RIGHTS_HANDLE)
    runs = RetentionRun.objects.visible_to(request.user)[:RUNS]
    # Counting everybody anew takes seconds in a large center: what the last night found is shown.
    rehearsed, standing = (runs[0].rehearsed, runs[0].standing) if runs else ({}, {})
    rows = [
        {
            "term": term,
            "standing": standing.get(term.category),
            "rehearsed": rehearsed.get(term.category),
            "is_of_people": term.category in terms.PEOPLE,
        }
        for term in RetentionTerm.objects.visible_to(request.user).select_related("applied_by")
    ]
    farewells = Farewell.objects.visible_to(request.user)
    untold = farewells.filter(told_on=None)
    is_untold = request.GET.get("show") == "untold"
    page = BoundedPaginator(untold if is_untold else farewells, PAGE_SIZE).get_page(request.GET.get("page"))
    _name(page)
    context = {"rows": rows, "fixed": _fixed(), "page": page, "runs": runs, "untold": untold.count()}
    return render(request, "participants/people/term_list.html", context | {"is_untold": is_untold})


def _fixed():
    """What ends by itself, in words."""
    return [(Category(category).label, words) for category, words in terms.FIXED.items()]


def _name(page):
    """Puts the person behind each announced erasure on the row, and the school of a pupil: one query a kind."""
    for kind in terms.KINDS:
        mine = [farewell for farewell in page if farewell.model == kind]
        people = model_of(kind).objects.in_bulk([farewell.person_id for farewell in mine])
        for farewell in mine:
            farewell.person = people.get(farewell.person_id)
    pupils = [farewell.person_id for farewell in page if farewell.model == "pupil"]
    years = Enrolment.objects.newest().filter(pupil__in=pupils).select_related("school")
    schools = {year.pupil_id: year.school for year in years}
    for farewell in page:
        farewell.school = schools.get(farewell.person_id) if farewell.model == "pupil" else None


def term_edit(request, pk):
    """Set another term, look at what it would do, switch it on."""
    need(request, Permission.RIGHTS_HANDLE)
    term = get_object_or_404(RetentionTerm.objects.visible_to(request.user).select_related("applied_by"), pk=pk)
    form = TermForm(request.POST or None, instance=term)
    if request.method == "POST" and form.is_valid():
        actions.change_term(term=term, **form.cleaned_data, by=request.user)
        messages.success(request, _("The new term runs dry: look at what it would do, then switch it on."))
        return redirect("people:term-edit", term.pk)
    context = {"form": form, "term": term, "would_go": terms.would_go(term.category)}
    return render(request, "participants/people/term_edit.html", context)


@require_POST
def term_switch(request, pk, is_on):
    """Switch a term on, or let it run dry again."""
    need(request, Permission.RIGHTS_HANDLE)
    term = get_object_or_404(RetentionTerm.objects.visible_to(request.user), pk=pk)
    (actions.apply_term if is_on else actions.suspend_term)(term=term, by=request.user)
    said = (
        _("The term acts from the next night on.")
        if is_on
        else _("The term runs dry: nothing is announced or deleted.")
    )
    messages.success(request, said)
    return redirect("people:term-list")


def trace_list(request):
    """Who looked at whose record, the last first."""
    need(request, Permission.TRACE_VIEW)
    seen = Look.objects.visible_to(request.user).select_related("user", "pupil")
    page = BoundedPaginator(seen, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "participants/people/trace_list.html", {"page": page})


def trace_pupil(request, pk):
    """Who looked at this pupil's record, and who changed it."""
    need(request, Permission.TRACE_VIEW)
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), pk=pk)
    seen = Look.objects.visible_to(request.user).filter(pupil=pupil).select_related("user", "pupil")
    page = BoundedPaginator(seen, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "pupil": pupil, "changes": _changes(pupil)}
    return render(request, "participants/people/trace_pupil.html", context)


def _changes(pupil):
    """The lines of the histories of the pupil's own tables: when, what, by whom, why."""
    found = []
    for link in relations.links_to(Pupil):
        if link.is_history:
            tracked = link.model.pgh_tracked_model
            lines = link.rows(pupil.pk).select_related("pgh_context").order_by("-pgh_created_at")[:PAGE_SIZE]
            found += [
                {
                    "at": line.pgh_created_at,
                    "what": capfirst(tracked._meta.verbose_name),
                    "is_new": line.pgh_label == "insert",
                    "user_id": histories.user_of(line),
                    "reason": histories.reason_of(line),
                }
                for line in lines
            ]
    found = sorted(found, key=lambda change: change["at"], reverse=True)[:PAGE_SIZE]
    users = User.objects.in_bulk({change["user_id"] for change in found if change["user_id"]})
    return [change | {"by": users.get(change["user_id"])} for change in found]


def processing_record(request):
    """The record of processing, put together from what each app says about its fields."""
    need(request, Permission.RIGHTS_HANDLE)
    return render(request, "participants/people/processing_record.html", {"entries": _entries()})


def _entries():
    """One entry a purpose: whose data, which fields, how long, who may see them."""
    standing = {term.category: term for term in RetentionTerm.objects.all()}
    found = {}
    for table, field, personal, readers in _held():
        entry = found.setdefault(
            (str(personal.purpose), personal.category),
            {
                "purpose": capfirst(str(personal.purpose)),
                "whose": capfirst(str(Category(personal.category).label)),
                "words": personal.term,
                "term": standing.get(personal.category),
                "fields": {},
                "roles": set(),
            },
        )
        entry["fields"].setdefault(capfirst(str(table)), []).append(str(field))
        entry["roles"] |= readers
    return [
        entry
        | {
            "fields": sorted(entry["fields"].items()),
            "roles": sorted(str(Role(role).label) for role in entry["roles"]),
        }
        for entry in found.values()
    ]


def _held():
    """(table, what it holds, what for, the roles to which the back office opens it) of everything personal: field by
    field in our tables, whole in those of libraries, which the back office does not show."""
    for app, key, personal in relations.personal_fields():
        model_name, _dot, name = key.partition(".")
        model = apps.get_model(app, model_name)
        yield model._meta.verbose_name, model._meta.get_field(name).verbose_name, personal, _readers(app, model_name)
    for _app, _table, (holds, personal) in relations.said("THIRD_PARTIES"):
        yield _("sign-in"), holds, personal, set()


def _readers(app, model_name):
    """The roles to which the table of the back office opens."""
    may_look = (TABLES.get(f"{app}.{model_name.lower()}") or TABLES.get(app, (Permission.USER_MANAGE, None)))[0]
    return {role for role, definition in ROLES.items() if may_look in definition.permissions}
