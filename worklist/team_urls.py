"""The addresses around the team: notifications, load, absences, portfolios, rebalancing, escalations."""

from django.urls import URLPattern, URLResolver, path

from worklist.views import escalations, notifications, rebalancing, team

urlpatterns: list[URLPattern | URLResolver] = [
    path("team/", team.team, name="team"),
    path("team/absences/new/", team.absence_new, name="absence_new"),
    path("team/absences/<int:pk>/end/", team.absence_end, name="absence_end"),
    path("team/people/<int:pk>/capacity/", team.capacity_edit, name="capacity_edit"),
    path("team/portfolios/new/", team.portfolio_edit, name="portfolio_new"),
    path("team/portfolios/<int:pk>/", team.portfolio_edit, name="portfolio_edit"),
    path("team/rebalancing/", rebalancing.rebalancing, name="rebalancing"),
    path("team/rebalancing/<uuid:batch>/undo/", rebalancing.rebalancing_undo, name="rebalancing_undo"),
    path("team/escalations/", escalations.escalations, name="escalations"),
    path("team/escalations/<int:pk>/answer/", escalations.escalation_answer, name="escalation_answer"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/bell/", notifications.bell, name="bell"),
    path("notifications/read/", notifications.notifications_read, name="notifications_read"),
    path("notifications/mute/", notifications.notifications_mute, name="notifications_mute"),
    path("notifications/<int:pk>/open/", notifications.notification_open, name="notification_open"),
]
