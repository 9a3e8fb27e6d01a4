"""The addresses around the team: notifications, load, absences, portfolios, rebalancing, escalations."""

from django.urls import URLPattern, URLResolver, path

from worklist.views import notifications

urlpatterns: list[URLPattern | URLResolver] = [
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/bell/", notifications.bell, name="bell"),
    path("notifications/read/", notifications.notifications_read, name="notifications_read"),
    path("notifications/mute/", notifications.notifications_mute, name="notifications_mute"),
    path("notifications/<int:pk>/open/", notifications.notification_open, name="notification_open"),
]
