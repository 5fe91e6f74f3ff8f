"""The entry point of the hosted backend for granian: Django behind `portal.server.intake`."""

from portal.server.intake import Intake
from portal.server.wsgi import application as django_application

application = Intake(django_application)
