"""The Celery application. Tasks live in each app's `tasks.py`; this file only finds them."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")

app = Celery("collections")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["collections_app.audit", "customers", "invoices", "dunning", "worklist"])
