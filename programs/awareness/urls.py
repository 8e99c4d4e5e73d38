from django.urls import path

from programs.awareness.views import asking, center

app_name = "awareness"

requests = [
    path("requests/", asking.request_list, name="request-list"),
    path("requests/new/", asking.request_new, name="request-new"),
    path("requests/<int:pk>/", asking.request_detail, name="request-detail"),
    path("requests/<int:pk>/classes/", asking.request_classes, name="request-classes"),
    path("requests/<int:pk>/dates/", asking.request_dates, name="request-dates"),
    path("requests/<int:pk>/wishes/", asking.request_wishes, name="request-wishes"),
    path("requests/<int:pk>/check/", asking.request_check, name="request-check"),
    path("requests/<int:pk>/withdraw/", asking.request_withdraw, name="request-withdraw"),
    path("requests/<int:pk>/restore/", asking.request_restore, name="request-restore"),
    path("requests/<int:pk>/delete/", asking.request_delete, name="request-delete"),
]
board = [
    path("board/", center.board, name="board"),
    path("board/<int:pk>/", center.board_request, name="board-request"),
    path("board/<int:pk>/take/", center.board_take, name="board-take"),
    path("board/<int:pk>/plan/", center.board_plan, name="board-plan"),
    path("board/<int:pk>/decline/", center.board_decline, name="board-decline"),
]
urlpatterns = requests + board
