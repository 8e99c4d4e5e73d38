"""After a form one stays on this site, and mails name this site, whatever the request claims."""

import pytest
from django.core import mail
from django.test import Client

from tests.participants.accounts.conftest import sign_in_by_code, sign_in_by_password, with_password

ELSEWHERE = [
    "https://evil.example",
    "http://evil.example/accounts/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "http:evil.example",
    "http:/evil.example",
    "http:///evil.example",
    "https:/\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "ftp://evil.example",
    "https://testserver@evil.example",
    "https://testserver.evil.example",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "https://evil。example",
    "https://еvil.example",
    "//evil%E3%80%82example",
    "/%09/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x08//evil.example",
    "//\x00evil.example",
    "https://evil.example:443",
    "https://[::1]",
    "https://[evil",
    "http://user:pass@evil.example",
    "http://2130706433",
    "https:evil.example",
    "//;@evil.example",
]


def leaves(answer):
    location = answer.get("Location", "/")
    return not location.startswith("/") or location.startswith(("//", "/\\"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_form_sends_elsewhere(db, ada, target):
    with_password(ada)
    for send in (
        lambda: Client().get("/accounts/login/", {"next": target}),
        lambda: sign_in_by_code(Client(REMOTE_ADDR="192.0.2.2"), ada.email, next=target),
        lambda: Client().post("/accounts/login/code/confirm/", {"code": "x", "next": target}),
        lambda: Client().post("/accounts/logout/", {"next": target}),
        lambda: Client().post("/language/", {"language": "en", "next": target}),
        lambda: Client(HTTP_REFERER=target.strip("\t\x00\x08")).post("/language/", {"language": "en"}),
    ):
        assert not leaves(send()), target


@pytest.mark.parametrize("target", ["/account/", "/office/?a=b"])
def test_a_page_of_ours_is_reached(client, ada, target):
    with_password(ada)
    client.post("/accounts/login/code/", {"email": ada.email, "next": target})
    from_mail = mail.outbox[-1].subject.rpartition(": ")[2]
    answer = client.post("/accounts/login/code/confirm/", {"code": from_mail, "next": target})
    assert answer.url == target


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "testserver", "HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_HOST": "testserver", "HTTP_X_ORIGINAL_URL": "http://evil.example/"},
        {"HTTP_HOST": "testserver", "HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_HOST": "testserver:80@evil.example"},
    ],
)
def test_mails_name_our_address_only(settings, ada, headers):
    settings.SITE_URL = "https://center.example"
    for path, email in (
        ("/accounts/login/code/", ada.email),
        ("/accounts/login/code/", "nobody@lycee.example"),
        ("/accounts/password/reset/", ada.email),
        ("/accounts/password/reset/", "nobody@lycee.example"),
    ):
        answer = Client().post(path, {"email": email}, **headers)
        assert answer.status_code in {302, 400}
    for message in mail.outbox:
        assert "https://center.example" in message.body
        assert "evil.example" not in message.body + message.subject + str(message.extra_headers)
        assert "testserver" not in message.body


def test_a_name_adds_no_header(client_for, ada):
    with_password(ada)
    ada.name = "Ada\r\nBcc: eve@evil.example"
    ada.save()
    sign_in_by_password(client_for(ada), ada.email)
    client = Client()
    client.post("/accounts/login/code/", {"email": ada.email})
    client.post("/accounts/login/code/", {"email": "a@b.example\r\nBcc: eve@evil.example"})
    for message in mail.outbox:
        assert message.recipients() == [ada.email]
        assert "Bcc" not in str(message.message().items())
