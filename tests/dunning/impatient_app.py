"""The Celery application as a test's worker starts it: the broker gives a task away again after five seconds (D30)."""

from collections_app.celery import app

app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": 5}
