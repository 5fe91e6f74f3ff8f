"""The entry point of the hosted backend for granian: Django behind `portal.server.intake`."""

import gc

from portal.server.intake import Intake
from portal.server.wsgi import application as django_application

application = Intake(django_application)

# What is loaded stays as long as the server: the collector need not look through it time and again.
gc.collect()
gc.freeze()
