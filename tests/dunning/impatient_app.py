"""The Celery application as a test's worker starts it: the broker gives a task away again after five seconds, and the
mail server may take its time (D30)."""

from django.conf import settings

from collections_app.celery import app

app.conf.broker_transport_options = {
    **app.conf.broker_transport_options,
    "visibility_timeout": 5,
    "unacked_restore_interval": 1,  # it looks every tenth second then, and every hundredth otherwise
}
settings.EMAIL_TIMEOUT = 120
