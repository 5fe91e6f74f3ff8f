"""The WSGI entry point of the peer."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.stock_django.settings")
application = get_wsgi_application()
