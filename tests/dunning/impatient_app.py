"""The Celery application as a test's worker starts it: the broker gives a task away again after five seconds, and the
mail server may take its time (D30)."""

from django.conf import settings

from collections_app.celery import app

app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": 5}
settings.EMAIL_TIMEOUT = 120
