"""When and how we remind: policies, steps, notices, runs, channels."""

from django.apps import AppConfig


class DunningConfig(AppConfig):
    name = "dunning"
