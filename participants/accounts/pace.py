"""Answers that take as long whether or not somebody is known: a difference of a millisecond, asked often enough, tells
a stranger who has an account or a child with us."""

import time

# Seconds; longer than the longest of these answers takes on a slow machine.
LEAST = 0.1
EVEN = frozenset({"account_request_login_code", "account_reset_password", "people:family-new-link"})


class EvenPaceMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match and match.view_name in EVEN:
            time.sleep(max(0, LEAST - (time.monotonic() - began)))
        return response
