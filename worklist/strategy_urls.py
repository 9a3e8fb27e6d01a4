"""The addresses of strategies and their versions."""

from django.urls import URLPattern, URLResolver, path

from worklist.views import strategies

urlpatterns: list[URLPattern | URLResolver] = [
    path("strategies/", strategies.strategies, name="strategies"),
    path("strategies/new/", strategies.strategy_new, name="strategy_new"),
    path("strategies/<int:pk>/", strategies.strategy, name="strategy"),
    path("strategies/<int:pk>/edit/", strategies.strategy_edit, name="strategy_edit"),
    path("strategies/<int:pk>/off/", strategies.strategy_off, name="strategy_off"),
    path("strategies/versions/<int:pk>/", strategies.strategy_version, name="strategy_version"),
    path("strategies/versions/<int:pk>/check/", strategies.strategy_check, name="strategy_check"),
    path("strategies/versions/<int:pk>/activate/", strategies.strategy_activate, name="strategy_activate"),
    path("strategies/versions/<int:pk>/restore/", strategies.strategy_restore, name="strategy_restore"),
    path("strategies/versions/<int:pk>/discard/", strategies.strategy_discard, name="strategy_discard"),
]
