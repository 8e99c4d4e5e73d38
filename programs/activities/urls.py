"""Addresses of the spine, by object."""

from django.urls import include, path

from programs.activities.views import (
    answering,
    counting,
    feedback,
    feeds,
    inbox,
    joining,
    places,
    planning,
    programmes,
    questions,
    registering,
    roll,
    searching,
    tickets,
)

app_name = "activities"

session_urls = [
    path("", joining.session_detail, name="session-detail"),
    path("join/", joining.session_join, name="session-join"),
    path("leave/", joining.session_leave, name="session-leave"),
    path("accept/", joining.invitation_answer, {"answer": "accept"}, name="invitation-accept"),
    path("decline/", joining.invitation_answer, {"answer": "decline"}, name="invitation-decline"),
    path("calendar/", joining.session_calendar, name="session-calendar"),
    path("headcount/", counting.session_headcount, name="session-headcount"),
    path("roll/", roll.session_roll, name="session-roll"),
    path("tickets/", tickets.session_tickets, name="session-tickets"),
    path("feedback/", feedback.session_feedback, name="session-feedback"),
    path("feedback/results/", feedback.session_feedback_results, name="session-feedback-results"),
    path("edit/", planning.session_edit, name="session-edit"),
    path("cancel/", planning.session_cancel, name="session-cancel"),
    path("people/", planning.session_people, name="session-people"),
    path("people/invite/", planning.volunteer_invite, name="volunteer-invite"),
    path("search/", searching.session_search, name="session-search"),
    path("register/", registering.session_register, name="session-register"),
    path("answers/", questions.session_answers, name="session-answers"),
    path("places/", places.session_places, name="session-places"),
    path("bookings/new/", planning.booking_new, name="booking-new"),
]
programme_urls = [
    path("", programmes.programme_list, name="programme-list"),
    path("new/", programmes.programme_edit, name="programme-new"),
    path("<int:pk>/", programmes.programme_detail, name="programme-detail"),
    path("<int:pk>/edit/", programmes.programme_edit, name="programme-edit"),
    path("<int:pk>/activities/new/", programmes.activity_new, name="activity-new"),
]
activity_urls = [
    path("<int:pk>/", programmes.activity_detail, name="activity-detail"),
    path("<int:pk>/edit/", programmes.activity_edit, name="activity-edit"),
    path("<int:pk>/register/", registering.activity_register, name="activity-register"),
    path("<int:pk>/places/", places.activity_places, name="activity-places"),
    path("<int:pk>/answers/", questions.activity_answers, name="activity-answers"),
    path("<int:pk>/questions/", questions.question_list, name="question-list"),
    path("<int:pk>/questions/new/", questions.question_new, name="question-new"),
    path("<int:pk>/rules/", places.place_rules, name="place-rules"),
    path("<int:pk>/sessions/new/", planning.session_new, name="session-new"),
]
# One folder, so that the service worker in it reaches the app and nothing else.
roll_urls = [
    path("", roll.app, name="roll-app"),
    path("worker.js", roll.worker, name="roll-worker"),
    path("app.webmanifest", roll.manifest, name="roll-manifest"),
    path("lists/", roll.lists, name="roll-lists"),
    path("words/", roll.words, name="roll-words"),
]

urlpatterns = [
    path("inbox/", inbox.inbox_page, name="inbox"),
    path("inbox/snooze/", inbox.inbox_snooze, name="inbox-snooze"),
    path("inbox/assign/", inbox.inbox_assign, name="inbox-assign"),
    path("", include("programs.activities.catalogue_urls")),
    path("roll/", include(roll_urls)),
    path("sessions/roll/", roll.plain, name="roll-plain"),
    path("sessions/", joining.session_list, name="session-list"),
    path("sessions/mine/", joining.my_sessions, name="my-sessions"),
    path("sessions/mine/short-notice/", joining.short_notice, name="short-notice"),
    path("sessions/plan/", planning.session_manage, name="session-manage"),
    path("sessions/<int:pk>/", include(session_urls)),
    path("assignments/<int:pk>/remove/", planning.volunteer_remove, name="volunteer-remove"),
    path("searches/<int:pk>/stop/", searching.search_stop, name="search-stop"),
    path("bookings/<int:pk>/cancel/", planning.booking_cancel, name="booking-cancel"),
    path("bookings/<int:pk>/seat/", places.booking_seat, name="booking-seat"),
    path("places/<str:token>/", answering.place, name="place"),
    path("family/<str:token>/sessions/<int:pk>/", registering.family_register, name="family-register"),
    path("questions/<int:pk>/edit/", questions.asked_edit, name="asked-edit"),
    path("questions/<int:pk>/remove/", questions.asked_remove, name="asked-remove"),
    path("answers/<int:pk>/file/", questions.answer_file, name="answer-file"),
    path("programmes/", include(programme_urls)),
    path("activities/", include(activity_urls)),
    path("tickets/", tickets.ticket_list, name="ticket-list"),
    path("feedback/", feedback.feedback_results, name="feedback-results"),
    path("feedback/<str:code>/", feedback.feedback_give, name="feedback-give"),
    path("feedback/teacher/<str:token>/", feedback.feedback_teacher, name="feedback-teacher"),
    path("headcounts/<str:token>/", counting.headcount_link, name="headcount-link"),
    path("calendar/reset/", feeds.calendar_reset, name="calendar-reset"),
    path("calendar/<str:token>/sessions.ics", feeds.calendar_feed, name="calendar-feed"),
]
