"""The mailbox of one's own machine shows every mail, and nothing but mails."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from django.urls import reverse


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setitem(settings.MAIL_TRANSPORT, "EMAIL_FILE_PATH", str(tmp_path / "mail"))
    return tmp_path / "mail"


def send(folder, *subjects, attachment=None, html=None, text="Votre code : 123456\nhttps://eo.example.org/x"):
    messages = []
    for subject in subjects:
        message = EmailMultiAlternatives(subject, text, "center@example.org", ["ada@example.org"])
        message.extra_headers = {"Date": f"Mon, 23 Nov 2026 09:{len(messages):02}:00 +0000"}
        if html:
            message.attach_alternative(html, "text/html")
        if attachment:
            message.attach(*attachment)
        messages.append(message)
    EmailBackend(file_path=str(folder)).send_messages(messages)


def test_an_empty_mailbox_says_what_to_do(client, folder):
    assert "sign-in code" in client.get(reverse("mailbox"), headers={"Accept-Language": "en"}).content.decode()


def test_mails_stand_newest_first(client, folder):
    send(folder, "premier", "deuxième é", "troisième")
    page = client.get(reverse("mailbox"))
    assert [mail.subject for mail in page.context["page"]] == ["troisième", "deuxième é", "premier"]
    assert page.context["page"][0].sent_at == datetime(2026, 11, 23, 9, 2, tzinfo=UTC)


def test_a_mail_shows_its_text_with_links(client, folder):
    send(folder, "code", html="<p>Votre <b>code</b></p>")
    [mail] = client.get(reverse("mailbox")).context["page"]
    content = client.get(reverse("mailbox-mail", args=[mail.id])).content.decode()
    assert "Votre code : 123456" in content
    assert 'href="https://eo.example.org/x"' in content
    assert "<b>code</b>" not in content


def test_a_mail_of_html_only_is_read_as_text(client, folder):
    send(folder, "code", text="", html="<p onclick='x()'>Bonjour <b>Ada</b></p>")
    [mail] = client.get(reverse("mailbox")).context["page"]
    assert "Bonjour" in client.get(reverse("mailbox-mail", args=[mail.id])).content.decode()


def test_a_file_of_a_mail_is_a_download(client, folder):
    send(folder, "invitation", attachment=("séance.ics", b"BEGIN:VCALENDAR", "text/calendar"))
    [mail] = client.get(reverse("mailbox")).context["page"]
    assert "séance.ics" in client.get(reverse("mailbox-mail", args=[mail.id])).content.decode()
    file = client.get(reverse("mailbox-attachment", args=[mail.id, 0]))
    assert file.content.startswith(b"BEGIN:VCALENDAR")
    assert file["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("mailbox-attachment", args=[mail.id, 1])).status_code == 404


@pytest.mark.parametrize("name", ["absent", "..", "%2e%2e%2fsettings", "x-0"])
def test_what_is_no_mail_is_not_found(client, folder, name):
    folder.mkdir()
    (folder.parent / "settings.log").write_text("Subject: secret\n\nsecret")
    assert client.get(f"/local/mailbox/{name}/").status_code in {301, 404}


def test_a_file_that_is_no_mail_does_no_harm(client, folder):
    folder.mkdir()
    (folder / "a.log").write_bytes(b"\xff\x00\xfe nonsense\n\n")
    (folder / "b.log").write_bytes(b"")
    page = client.get(reverse("mailbox"))
    assert page.status_code == 200
    assert [client.get(reverse("mailbox-mail", args=[mail.id])).status_code for mail in page.context["page"]] == [200]
