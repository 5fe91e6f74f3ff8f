"""The WSGI entry point of the hosted backend."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.server.settings")
application = get_wsgi_application()
