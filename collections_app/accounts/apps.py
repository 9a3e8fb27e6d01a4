"""Users, teams, roles and the access gate."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "collections_app.accounts"
    label = "accounts"
