"""Every address of the portal: the patients' pages and the API. The access matrix test walks this list."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
