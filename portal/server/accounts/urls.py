"""Routes of the door and of one's own access."""

from portal.pages import addresses
from portal.server.accounts import first_visit_views, own_views, views
from portal.server.routing import page

urlpatterns = [
    page(addresses.SIGN_IN, views.sign_in),
    page(addresses.CABINET_SIGN_IN, views.sign_in),
    page(addresses.SIGN_OUT, views.sign_out),
    page(addresses.FIRST_VISIT, first_visit_views.ask),
    page(addresses.FIRST_VISIT_LINK, first_visit_views.mailed_link),
    page(addresses.ACTIVATE, first_visit_views.printed_link),
    page(addresses.WELCOME, first_visit_views.welcome),
    page(addresses.FORGOTTEN, own_views.forgotten),
    page(addresses.RESET, own_views.reset),
    page(addresses.CHANGE_PASSWORD, own_views.change_password),
    page(addresses.CHANGE_EMAIL, own_views.change_email),
]
