"""Who owes: customers, contacts, terms, holds, legal entities, and how messages reach them."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
