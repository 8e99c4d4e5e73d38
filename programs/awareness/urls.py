from django.urls import path

from programs.awareness.views import asking, campaign_answers, campaign_plans, campaigns, center, coming_in, pool

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
campaign = [
    path("campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign-detail"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("campaigns/<int:pk>/choose/", campaigns.campaign_choose, name="campaign-choose"),
    path("campaigns/<int:pk>/invite/", campaigns.campaign_invite, name="campaign-invite"),
    path("campaigns/<int:pk>/speakers/", campaigns.campaign_speakers, name="campaign-speakers"),
    path("campaigns/<int:pk>/speakers/ask/", campaigns.speakers_ask, name="campaign-speakers-ask"),
    path("campaigns/<int:pk>/plan/", campaign_plans.campaign_plans, name="campaign-plans"),
    path("campaigns/<int:pk>/plan/ask/", campaign_plans.plan_ask, name="plan-ask"),
    path("campaigns/schools/<int:pk>/leave-out/", campaigns.school_leave_out, name="campaign-school-leave-out"),
    path("campaigns/plans/<int:pk>/", campaign_plans.plan_detail, name="plan-detail"),
    path("campaigns/plans/<int:pk>/apply/", campaign_plans.plan_apply, name="plan-apply"),
    path("campaigns/planned/<int:pk>/lock/", campaign_plans.planned_lock, name="planned-lock"),
    path("campaigns/talks/<int:pk>/", campaign_plans.talk_detail, name="talk-detail"),
    path("campaigns/talks/<int:pk>/pair/", campaign_plans.talk_pair, name="talk-pair"),
]
answers = [
    path("invitation/<str:token>/", campaign_answers.invitation, name="invitation"),
    path("campaigns/answers/<int:pk>/", campaign_answers.campaign_answer, name="campaign-answer"),
    path("campaigns/answers/<int:pk>/no/", campaign_answers.campaign_refuse, name="campaign-refuse"),
    path("campaigns/wishes/<int:pk>/", campaign_answers.campaign_wishes, name="campaign-wishes"),
    path("campaigns/wishes/<int:pk>/no/", campaign_answers.campaign_stay_out, name="campaign-stay-out"),
]
talent_pool = [
    path("pool/", pool.pool_list, name="pool-list"),
    path("pool/mine/", pool.own_pool, name="own-pool"),
    path("pool/come-in/", coming_in.come_in, name="come-in"),
    path("pool/come-in/<int:pk>/", coming_in.come_in_school, name="come-in-school"),
    path("pool/signing/<str:token>/", coming_in.come_in_link, name="come-in-link"),
    path("pool/newcomers/<int:pk>/", coming_in.self_entry_decide, name="self-entry-decide"),
    path("pool/family/<str:token>/", pool.family_pool, name="family-pool"),
    path("pool/from-event/", pool.pool_from_event, name="pool-from-event"),
    path("pool/invite/", pool.pool_invite, name="pool-invite"),
    path("pool/rounds/<int:pk>/", pool.pool_round, name="pool-round"),
    path("pool/nominations/", pool.nomination_list, name="nomination-list"),
    path("pool/nominate/<int:pk>/", pool.nominate, name="nominate"),
]
urlpatterns = requests + board + campaign + answers + talent_pool
