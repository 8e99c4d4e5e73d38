"""The questions of an activity and what people answered."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from participants.accounts.answers import attempt
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.correspondence.actions import start_job
from participants.organisations.models import Organisation
from participants.people import scans
from participants.people.models import Look
from participants.people.rights import looks
from programs.activities import actions, exports
from programs.activities.actions.answers import FOLDER
from programs.activities.circles import booking_names
from programs.activities.forms.questions import AskForm, QuestionForm
from programs.activities.models import Activity, Answer, AskedQuestion, Inquiry, Session

PAGE_SIZE = 50


def question_list(request, pk):
    """What an activity asks, at registration and of those accepted; one more, known or new."""
    activity = get_object_or_404(_managed(request), pk=pk)
    asked = AskedQuestion(activity=activity)
    questions = Inquiry.objects.visible_to(request.user).exclude(asked__activity=activity)
    form = AskForm(request.POST or None, instance=asked, questions=questions)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("activities:question-list", activity.pk)
    rows = activity.asked.select_related("question", "only_if__question")
    context = {"activity": activity, "form": form, "asked": rows, "has_questions": questions.exists()}
    return render(request, "programs/activities/question_list.html", context)


def question_new(request, pk):
    """A new question, asked by this activity and ready for others."""
    activity = get_object_or_404(_managed(request), pk=pk)
    organisations = Organisation.objects.managed_by(request.user, Permission.SESSION_MANAGE).filter(is_active=True)
    # Who manages a programme alone asks in the name of the organisation in charge.
    organisations = organisations | Organisation.objects.filter(pk=activity.organisation_id)
    initial = {"organisation": activity.organisation_id}
    form = QuestionForm(request.POST or None, organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        question = form.save()
        rank = activity.asked.count() + 1
        AskedQuestion.objects.create(activity=activity, question=question, rank=rank)
        return redirect("activities:question-list", activity.pk)
    return render(request, "programs/activities/question_new.html", {"activity": activity, "form": form})


def asked_edit(request, pk):
    """When, in which order and of whom a question is asked."""
    asked = _asked(request, pk)
    form = AskForm(request.POST or None, instance=asked, questions=Inquiry.objects.filter(pk=asked.question_id))
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("activities:question-list", asked.activity_id)
    return render(request, "programs/activities/asked_edit.html", {"asked": asked, "form": form})


@require_POST
def asked_remove(request, pk):
    """Ask it no longer; while nobody has answered."""
    asked = _asked(request, pk)
    attempt(request, actions.stop_asking, asked=asked)
    return redirect("activities:question-list", asked.activity_id)


def session_answers(request, pk):
    """What the people of a date answered."""
    return _answers(
        request, get_object_or_404(Session.objects.managed_by(request.user).select_related("activity"), pk=pk)
    )


def activity_answers(request, pk):
    """The same for what is booked as a whole."""
    return _answers(request, get_object_or_404(_managed(request), pk=pk))


def _answers(request, place):
    session = place if isinstance(place, Session) else None
    if request.method == "POST" and request.POST.get("format") in exports.FORMATS:
        parameters = {"session" if session else "activity": place.pk, "format": request.POST["format"]}
        return redirect(start_job(kind=exports.KIND, owner=request.user, parameters=parameters))
    bookings = place.bookings.live().select_related("class_group__school", "pupil", "guest").order_by("booked_at", "pk")
    page = BoundedPaginator(bookings, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    answers = Answer.objects.visible_to(request.user).filter(booking__in=shown).select_related("asked__question")
    said: dict = {}
    for answer in answers.order_by("-asked__moment", "asked__rank", "pk"):
        said.setdefault(answer.booking_id, []).append(answer)
    names = booking_names(request.user, shown)
    confided = {answer.pupil_id for answer in answers if answer.pupil_id and answer.asked.question.is_sensitive}
    if confided:
        looks.note(request.user, sorted(confided), Look.What.PAGE)
    context = {
        "place": place,
        "session": session,
        "activity": session.activity if session else place,
        "page": page,
        "rows": [(booking, names[booking.pk], said.get(booking.pk, [])) for booking in shown],
    }
    return render(request, "programs/activities/answers.html", context)


@require_safe
def answer_file(request, pk):
    """The file that somebody sent as an answer, for those who may read it."""
    answer = get_object_or_404(Answer.objects.visible_to(request.user).exclude(file=""), pk=pk)
    path = scans.path_of(answer.file, FOLDER)
    if not path.exists():
        raise Http404
    if answer.pupil_id:
        looks.note(request.user, [answer.pupil_id], Look.What.FILE)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=f"answer-{answer.pk}{path.suffix}")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _managed(request):
    return Activity.objects.managed_by(request.user, Permission.SESSION_MANAGE)


def _asked(request, pk):
    rows = AskedQuestion.objects.visible_to(request.user).select_related("activity", "question")
    return get_object_or_404(rows, pk=pk)
