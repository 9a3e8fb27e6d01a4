"""The addresses of disputes: list, board, figures, one case and what is done with it, and the colleague's page."""

from django.urls import URLPattern, URLResolver, path

from worklist.views import dispute_answer, dispute_case, dispute_figures, disputes
from worklist.views.dispute_acts import CASE_ACTS
from worklist.views.once import saved_once

CASE_ACT = saved_once(dispute_case.case_act, page="dispute_case")
urlpatterns: list[URLPattern | URLResolver] = [
    path("disputes/", disputes.disputes, name="disputes"),
    path("disputes/board/", disputes.dispute_board, name="dispute_board"),
    path("disputes/figures/", dispute_figures.dispute_figures, name="dispute_figures"),
    path("disputes/<int:pk>/close/", disputes.dispute_close, name="dispute_close"),
    path("disputes/cases/<int:pk>/", dispute_case.dispute_case, name="dispute_case"),
    *(
        path(f"disputes/cases/<int:pk>/{code}/", CASE_ACT, {"action": code}, name=f"dispute_{code}_case")
        for code in CASE_ACTS
    ),
    path("disputes/cases/<int:pk>/stage/", disputes.dispute_stage, name="dispute_stage"),
    path("disputes/cases/<int:pk>/withdraw/", dispute_case.case_withdraw, name="dispute_case_withdraw"),
    path("disputes/questions/<int:pk>/revoke/", dispute_case.question_revoke, name="dispute_question_revoke"),
    path("answer/<str:token>/", dispute_answer.dispute_answer, name="dispute_answer"),
]
