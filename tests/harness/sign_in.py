"""The addresses of the library that signs people in."""

from django.urls import reverse

from tests.harness.matrix import all_routes

NOWHERE = {"organization_slug": "nowhere", "provider_id": "nowhere", "pk": 1}
ADDRESSES = {
    route.name: reverse(route.name, kwargs={argument: NOWHERE[argument] for argument in route.arguments})
    for route in all_routes()
    if route.name and route.address.startswith("accounts/")
}
