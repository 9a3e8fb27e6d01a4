"""The ASGI entry point, for servers that prefer it; every view is synchronous."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")

application = get_asgi_application()
