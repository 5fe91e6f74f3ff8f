"""The sign-in of django.contrib.auth, and the page."""

from django.contrib.auth.views import LoginView
from django.urls import path

from tests.benchmarks.stock_django.views import appointments

urlpatterns = [
    path("accounts/login/", LoginView.as_view(template_name="stock/login.html")),
    path("rendez-vous", appointments),
]
