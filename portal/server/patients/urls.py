"""Routes of a signed-in patient's pages, and of the pages without a dossier."""

from portal.pages import addresses
from portal.server.contact.views import contact
from portal.server.patients import texts, views
from portal.server.routing import page

urlpatterns = [
    page(addresses.APPOINTMENTS, views.appointments),
    page(addresses.CALENDAR_ALL, views.calendar_all),
    page(addresses.CALENDAR_ONE, views.calendar_one),
    page(addresses.ACCOUNTS, views.schedule),
    page(addresses.FEES, views.fees),
    page(addresses.CONTACT, contact),
    page(addresses.HOME, views.home),
    page(addresses.PHOTO, views.photo),
    page(addresses.LANGUAGE, texts.language),
    page(addresses.ACCESSIBILITY, texts.accessibility),
    page(addresses.PRIVACY, texts.privacy),
]
