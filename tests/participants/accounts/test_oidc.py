"""Sign-in through an OpenID Connect house: a real one end to end, and one that lies in every way we could think of."""

import base64
import json
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import environ
import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from participants.accounts import actions, sso
from participants.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.participants.accounts.conftest import last_code, sign_in_by_code, with_totp

pytestmark = pytest.mark.sign_in
LOGIN, CALLBACK = "/accounts/oidc/campus/login/", "/accounts/oidc/campus/login/callback/"
CLIENT_ID = "eo-center"


@pytest.fixture
def configure(monkeypatch, settings):
    """The settings that the environment of a center with this house gives."""

    def set_environment(server_url, **more):
        variables = {"OIDC_SERVER_URL": server_url, "OIDC_ID": "campus", "OIDC_NAME": "Campus"}
        for name, value in (variables | {"OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": "s"} | more).items():
            monkeypatch.setenv(name, value)
        settings.SOCIALACCOUNT_PROVIDERS = sso.providers(environ.Env())

    return set_environment


def start(client, **query):
    """Press the button; what the house is asked."""
    answer = client.post(LOGIN, query)
    assert answer.status_code == 302
    return answer.url, {name: values[0] for name, values in parse_qs(urlsplit(answer.url).query).items()}


def signed_in(client):
    return client.session.get("_auth_user_id")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def real_house():
    port = free_port()
    claims = {"sub": "u-1", "email": "grace@campus.example", "email_verified": True, "name": "Grace Hopper"}
    command = [
        sys.executable,
        "-m",
        "oidc_provider_mock",
        "-p",
        str(port),
        "-n",
        "true",
        "--user-claims",
        json.dumps(claims),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(150):
            try:
                requests.get(f"{url}/.well-known/openid-configuration", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def walk(client, sub):
    """From our button through the page of the real house and back."""
    url, asked = start(client)
    back = requests.post(url, data={"sub": sub}, allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    assert parts.path == CALLBACK
    return asked, client.get(f"{parts.path}?{parts.query}")


def test_a_new_person_comes_in_through_the_house_and_has_no_role(real_house, configure, client, db):
    configure(real_house)
    asked, answer = walk(client, "u-1")
    assert {"nonce", "state", "code_challenge"} <= set(asked)
    assert answer.url == "/accounts/confirm-email/"
    assert not signed_in(client)
    client.post("/accounts/confirm-email/", {"code": last_code()})
    user = User.objects.get()
    assert signed_in(client) == str(user.pk)
    assert (user.email, user.name, user.live_roles) == ("grace@campus.example", "Grace Hopper", frozenset())
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid) == (user, "campus", "u-1")
    again = Client()
    walk(again, "u-1")
    assert signed_in(again) == str(user.pk)
    assert User.objects.count() == 1


def test_the_house_is_believed_about_its_own_domains(real_house, configure, client, db):
    configure(real_house, OIDC_VERIFIED_DOMAINS="campus.example")
    walk(client, "u-1")
    assert signed_in(client)
    assert EmailAddress.objects.get().verified


@pytest.mark.parametrize("domains", ["", "campus.example"])
def test_an_account_is_never_taken_over_by_its_address(real_house, configure, client, db, domains):
    configure(real_house, OIDC_VERIFIED_DOMAINS=domains)
    owner = actions.open_account(email="grace@campus.example")
    sign_in_by_code(Client(), owner.email)
    _asked, answer = walk(client, "u-1")
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()
    assert answer.url == "/accounts/confirm-email/"
    assert mail.outbox[-1].to == [owner.email]
    assert "déjà" in mail.outbox[-1].subject or "already" in mail.outbox[-1].subject


def test_the_house_does_not_replace_the_second_factor(real_house, configure, client, cleo):
    configure(real_house)
    EmailAddress.objects.create(user=cleo, email=cleo.email, primary=True, verified=True)
    SocialAccount.objects.create(user=with_totp(cleo), provider="campus", uid="u-1")
    _asked, answer = walk(client, "u-1")
    assert answer.url == "/accounts/2fa/authenticate/"
    assert not signed_in(client)


def test_a_closed_account_stays_closed_for_the_house(real_house, configure, client, db):
    configure(real_house)
    user = UserFactory(is_active=False)
    SocialAccount.objects.create(user=user, provider="campus", uid="u-1")
    _asked, answer = walk(client, "u-1")
    assert (answer.url, signed_in(client)) == ("/accounts/inactive/", None)


class LyingHouse:
    """A house whose answers the test decides: `claims`, `header`, `key`, `token` and `userinfo` of the next visitor."""

    def __init__(self):
        self.own_key, self.other_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self, nonce):
        now = int(time.time())
        self.claims = {"iss": self.url, "aud": CLIENT_ID, "sub": "u-1", "nonce": nonce, "iat": now, "exp": now + 300}
        self.header, self.key, self.algorithm, self.token = {"kid": "k"}, self.own_key, "RS256", None
        self.userinfo = {"sub": "u-1", "email": "grace@campus.example"}

    def id_token(self):
        if self.token is None:
            return jwt.encode(self.claims, self.key, algorithm=self.algorithm, headers=self.header)
        return self.token(self)

    def answers(self):
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.own_key.public_key())) | {"kid": "k", "use": "sig"}
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/jwks": {"keys": [jwk]},
            "/token": lambda: {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()},
            "/userinfo": lambda: self.userinfo,
        }

    def handler(house):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                answer = house.answers()[self.path]
                body = json.dumps(answer() if callable(answer) else answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *args):
                """Nothing to say."""

        return Handler


@pytest.fixture(scope="module")
def house():
    lying = LyingHouse()
    yield lying
    lying.server.shutdown()
    lying.server.server_close()


def part(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def public_pem(house):
    return house.own_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def signed_with_the_public_key(house):
    """The old trick: HMAC keyed with the RSA key that everybody knows."""
    signing_input = f"{part({'alg': 'HS256', 'kid': 'k', 'typ': 'JWT'})}.{part(house.claims)}"
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(algorithm.sign(signing_input.encode(), public_pem(house))).rstrip(b"=")
    return f"{signing_input}.{signature.decode()}"


def altered(house):
    head, _claims, signature = jwt.encode(house.claims, house.own_key, "RS256", {"kid": "k"}).split(".")
    return ".".join([head, part(house.claims | {"sub": "boss"}), signature])


def without(name):
    return lambda house: house.claims.pop(name)


def with_claims(**claims):
    return lambda house: house.claims.update(claims)


def with_token(make):
    return lambda house: setattr(house, "token", make)


NOW = int(time.time())
LIES = {
    "no signature": with_token(lambda house: f"{part({'alg': 'none', 'kid': 'k'})}.{part(house.claims)}."),
    "no signature, other spelling": with_token(
        lambda house: f"{part({'alg': 'nOnE', 'kid': 'k'})}.{part(house.claims)}."
    ),
    "signature cut off": with_token(
        lambda house: jwt.encode(house.claims, house.own_key, "RS256", {"kid": "k"}).rpartition(".")[0] + "."
    ),
    "signed with the public key": with_token(signed_with_the_public_key),
    "claims altered after signing": with_token(altered),
    "no token": with_token(lambda house: ""),
    "no token at all": with_token(lambda house: None),
    "not a token": with_token(lambda house: "a.b.c"),
    "another key": lambda house: setattr(house, "key", house.other_key),
    "an unknown key": lambda house: setattr(house, "header", {"kid": "other"}),
    "another key, not named": lambda house: (setattr(house, "header", {}), setattr(house, "key", house.other_key)),
    "a key that the token brings along": lambda house: (
        setattr(house, "key", house.other_key),
        setattr(house, "header", {"kid": "k", "jku": "http://127.0.0.1:1/jwks", "jwk": {"kty": "RSA"}}),
    ),
    "another audience": with_claims(aud="another-client"),
    "no audience": without("aud"),
    "made for another client": with_claims(aud=[CLIENT_ID, "another"], azp="another"),
    "another issuer": with_claims(iss="https://evil.example"),
    "no issuer": without("iss"),
    "expired": with_claims(exp=NOW - 3600, iat=NOW - 7200),
    "no end": without("exp"),
    "from the future": with_claims(iat=NOW + 7200, nbf=NOW + 7200, exp=NOW + 9000),
    "another nonce": with_claims(nonce="another"),
    "an empty nonce": with_claims(nonce=""),
    "no nonce": without("nonce"),
    "no subject": without("sub"),
    "userinfo of somebody else": lambda house: house.userinfo.update(sub="boss"),
    "userinfo of nobody": lambda house: house.userinfo.pop("sub"),
}


def visit(client, house, lie=None, **changed):
    _url, asked = start(client)
    house.reset(asked["nonce"])
    if lie:
        lie(house)
    return client.get(CALLBACK, {"code": "c", "state": asked["state"]} | changed)


@pytest.fixture
def known(db, house, configure):
    """Somebody who has come in through the house before; and an administrator whom it would like to be."""
    configure(house.url)
    for uid in ("u-1", "boss"):
        user = UserFactory()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        SocialAccount.objects.create(user=user, provider="campus", uid=uid)
    return SocialAccount.objects.get(uid="u-1").user


def test_a_house_that_tells_the_truth_is_believed(client, known, house):
    assert visit(client, house).status_code == 302
    assert signed_in(client) == str(known.pk)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_house_that_lies_is_not(client, known, house, lie):
    answer = visit(client, house, lie)
    assert signed_in(client) is None
    assert answer.status_code in {200, 401}
    assert "socialaccount/authentication_error.html" in [template.name for template in answer.templates]


@pytest.mark.parametrize("changed", [{"state": "invented"}, {"state": ""}])
def test_an_answer_to_no_question_is_refused(client, known, house, changed):
    visit(client, house, **changed)
    assert signed_in(client) is None


def test_an_answer_works_once_and_in_the_browser_that_asked(client, known, house):
    _url, asked = start(client)
    house.reset(asked["nonce"])
    stranger = Client()
    stranger.get(CALLBACK, {"code": "c", "state": asked["state"]})
    assert signed_in(stranger) is None
    for expected in (str(known.pk), None):
        client.get(CALLBACK, {"code": "c", "state": asked["state"]})
        assert signed_in(client) == expected
        client.post("/accounts/logout/")


def test_another_house_may_not_keep_an_account_that_its_owner_has_proved(client, house, configure, db):
    configure(house.url)
    visit(client, house)
    victim = User.objects.get(email="grace@campus.example")
    owner = Client()
    sign_in_by_code(owner, victim.email)
    assert signed_in(owner) == str(victim.pk)
    thief = Client()
    visit(thief, house)
    assert signed_in(thief) is None
    assert not SocialAccount.objects.filter(user=victim).exists()


def test_the_button_is_there_only_where_a_house_is_configured(client, db, configure, settings, house):
    settings.SOCIALACCOUNT_PROVIDERS = sso.providers(environ.Env())
    assert "/accounts/oidc/" not in client.get("/accounts/login/").content.decode()
    assert client.get(LOGIN).status_code == 404
    assert client.get(CALLBACK).status_code == 404
    configure(house.url)
    page = client.get("/accounts/login/").content.decode()
    assert LOGIN in page
    assert "Campus" in page
    assert client.get(LOGIN).status_code == 200


def test_a_house_half_configured_refuses_to_start(monkeypatch):
    monkeypatch.setenv("OIDC_SERVER_URL", "https://id.campus.example")
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID"):
        sso.providers(environ.Env())


def test_forms_may_be_sent_on_to_the_houses(monkeypatch):
    monkeypatch.setenv("OIDC_SERVER_URL", "https://id.campus.example/realms/one")
    monkeypatch.setenv("SAML_IDP_SSO_URL", "https://sso.campus.example/login?x=1")
    monkeypatch.setenv("SSO_ORIGINS", "https://more.example")
    assert sso.origins(environ.Env()) == [
        "https://id.campus.example",
        "https://sso.campus.example",
        "https://more.example",
    ]
