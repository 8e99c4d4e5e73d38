"""Sign-in through a SAML house: what it signed for this question is believed, anything else is not."""

import base64
import zlib
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import environ
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from participants.accounts import sso
from participants.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.sign_in
HOUSE, SSO_URL = "https://id.campus.example/saml", "https://id.campus.example/saml/sso"
HOST = "www.center.example"
BASE = f"http://{HOST}/accounts/saml/campus"
NAMESPACES = {"a": "urn:oasis:names:tc:SAML:2.0:assertion", "ds": "http://www.w3.org/2000/09/xmldsig#"}
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="{a}" ID="_r" Version="2.0"
 IssueInstant="{now}" Destination="{destination}" InResponseTo="{question}"><saml:Issuer>{issuer}</saml:Issuer>
 <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}
</samlp:Response>"""
ASSERTION = """<saml:Assertion xmlns:saml="{a}" ID="_a" Version="2.0" IssueInstant="{now}">
 <saml:Issuer>{issuer}</saml:Issuer><saml:Subject>
 <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{name}</saml:NameID>
 <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{end}" Recipient="{destination}" InResponseTo="{question}"/></saml:SubjectConfirmation></saml:Subject>
 <saml:Conditions NotBefore="{begin}" NotOnOrAfter="{end}">
 <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>
 </saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext>
 <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>
 </saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="mail">
 <saml:AttributeValue>{mail}</saml:AttributeValue>
 </saml:Attribute></saml:AttributeStatement></saml:Assertion>"""


def key_and_certificate():
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "campus")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(9)
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode(), builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def client():
    return Client(HTTP_HOST=HOST)


@pytest.fixture(scope="module")
def keys():
    return {"own": key_and_certificate(), "other": key_and_certificate()}


@pytest.fixture
def campus(db, monkeypatch, settings, keys):
    """The house configured by the environment, somebody who came in by it before, and one whom it would like to be."""
    variables = {"SAML_IDP_ENTITY_ID": HOUSE, "SAML_IDP_SSO_URL": SSO_URL, "SAML_IDP_CERTIFICATE": keys["own"][1]}
    for name, value in (variables | {"SAML_ID": "campus", "SAML_NAME": "Campus"}).items():
        monkeypatch.setenv(name, value)
    settings.ALLOWED_HOSTS = [HOST]
    settings.SOCIALACCOUNT_PROVIDERS = sso.providers(environ.Env())
    for uid in ("u-1", "boss"):
        user = UserFactory(email=f"{uid}@center.example")
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        SocialAccount.objects.create(user=user, provider=HOUSE, uid=uid)
    return User.objects.get(email="u-1@center.example")


def ask(client):
    """Press the button; the identifier of the question that the house is asked."""
    url = client.post("/accounts/saml/campus/login/").url
    assert url.startswith(SSO_URL)
    request = zlib.decompress(base64.b64decode(parse_qs(urlsplit(url).query)["SAMLRequest"][0]), -15)
    return etree.fromstring(request).get("ID")


def instant(minutes):
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer_of_the_house(question, keys, signed_by="own", change=None, **changed):
    facts = {
        "a": NAMESPACES["a"],
        "now": instant(0),
        "begin": instant(-5),
        "end": instant(5),
        "issuer": HOUSE,
        "audience": f"{BASE}/metadata/",
        "destination": f"{BASE}/acs/",
        "question": question,
        "name": "u-1",
        "mail": "grace@campus.example",
    } | changed
    assertion = ASSERTION.format(**facts)
    if signed_by:
        assertion = OneLogin_Saml2_Utils.add_sign(assertion, *keys[signed_by])
        assertion = assertion.decode() if isinstance(assertion, bytes) else assertion
    response = RESPONSE.format(**facts, assertion=assertion)
    if change:
        tree = etree.fromstring(response)
        change(tree)
        response = etree.tostring(tree).decode()
    return base64.b64encode(response.encode()).decode()


def deliver(client, response, **more):
    answer = client.post("/accounts/saml/campus/acs/", {"SAMLResponse": response, **more})
    return client.get(answer.url)


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_what_the_house_signed_is_believed(client, campus, keys):
    answer = deliver(client, answer_of_the_house(ask(client), keys))
    assert answer.url == "/"
    assert signed_in(client) == str(campus.pk)


def test_a_new_person_gets_an_account_without_a_role_and_proves_the_address(client, campus, keys):
    answer = deliver(client, answer_of_the_house(ask(client), keys, name="u-9"))
    user = User.objects.get(email="grace@campus.example")
    assert answer.url == "/accounts/confirm-email/"
    assert signed_in(client) is None
    assert (user.live_roles, user.has_usable_password()) == (frozenset(), False)


def test_an_address_gives_no_account(client, campus, keys):
    deliver(client, answer_of_the_house(ask(client), keys, name="u-9", mail="boss@center.example"))
    assert signed_in(client) is None
    assert not SocialAccount.objects.filter(uid="u-9").exists()


def name_boss(tree):
    tree.find(".//a:NameID", NAMESPACES).text = "boss"


def cut_signature(tree):
    signature = tree.find(".//ds:Signature", NAMESPACES)
    signature.getparent().remove(signature)


def forged_copy(tree, keep_id=False):
    forged = deepcopy(tree.find("a:Assertion", NAMESPACES))
    cut_signature_of = forged.find("ds:Signature", NAMESPACES)
    forged.remove(cut_signature_of)
    forged.find(".//a:NameID", NAMESPACES).text = "boss"
    if not keep_id:
        forged.set("ID", "_forged")
    return forged


def forged_before(tree):
    tree.insert(list(tree).index(tree.find("a:Assertion", NAMESPACES)), forged_copy(tree))


def forged_after(tree):
    tree.append(forged_copy(tree))


def forged_same_id(tree):
    tree.append(forged_copy(tree, keep_id=True))


def forged_around(tree):
    """The signed assertion hidden inside the forged one."""
    forged, genuine = forged_copy(tree), tree.find("a:Assertion", NAMESPACES)
    tree.replace(genuine, forged)
    forged.append(genuine)


def forged_in_signature(tree):
    """The signed assertion moved into an Object of the signature of the forged one."""
    genuine = tree.find("a:Assertion", NAMESPACES)
    forged = forged_copy(tree)
    signature = deepcopy(genuine.find("ds:Signature", NAMESPACES))
    tree.replace(genuine, forged)
    forged.insert(1, signature)
    etree.SubElement(signature, f"{{{NAMESPACES['ds']}}}Object").append(genuine)


def forged_with_its_signature(tree):
    forged, genuine = forged_copy(tree), tree.find("a:Assertion", NAMESPACES)
    forged.insert(1, deepcopy(genuine.find("ds:Signature", NAMESPACES)))
    tree.insert(2, forged)


def genuine_in_extensions(tree):
    forged, genuine = forged_copy(tree), tree.find("a:Assertion", NAMESPACES)
    tree.replace(genuine, forged)
    extensions = etree.Element("{urn:oasis:names:tc:SAML:2.0:protocol}Extensions")
    extensions.append(genuine)
    tree.insert(1, extensions)


LIES = {
    "not signed": {"signed_by": None},
    "signed by another": {"signed_by": "other"},
    "signature cut off": {"change": cut_signature},
    "altered after signing": {"change": name_boss},
    "another issuer": {"issuer": "https://evil.example"},
    "another audience": {"audience": "https://other.example/metadata/"},
    "for another address": {"destination": "https://other.example/acs/"},
    "expired": {"begin": instant(-90), "end": instant(-60)},
    "not yet": {"begin": instant(60), "end": instant(90)},
    "another question": {"question": "_invented"},
    "no question": {"question": ""},
    "wrapped: forged before": {"change": forged_before},
    "wrapped: forged after": {"change": forged_after},
    "wrapped: same identifier": {"change": forged_same_id},
    "wrapped: genuine inside": {"change": forged_around},
    "wrapped: genuine in the signature": {"change": forged_in_signature},
    "wrapped: signature on both": {"change": forged_with_its_signature},
    "wrapped: genuine in extensions": {"change": genuine_in_extensions},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_it_did_not_sign_for_us_is_not(client, campus, keys, lie):
    lie = {"question": ask(client)} | lie
    answer = deliver(client, answer_of_the_house(keys=keys, **lie))
    assert signed_in(client) is None
    assert answer.status_code in {200, 401, 403}


def test_a_comment_cuts_no_name(client, campus, keys):
    """`boss<!-- -->.evil` once read as `boss` somewhere: it is read whole, as somebody unknown."""
    deliver(client, answer_of_the_house(ask(client), keys, name="boss<!-- x -->.evil", mail="evil@campus.example"))
    assert signed_in(client) is None
    assert not SocialAccount.objects.filter(uid="boss").exclude(user__email="boss@center.example").exists()


def test_an_entity_is_not_read(client, campus, keys):
    ask(client)
    bomb = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    answer = deliver(client, base64.b64encode(bomb).decode())
    assert signed_in(client) is None
    assert b"root:" not in answer.content


@pytest.mark.parametrize("junk", ["", "x", "%%%", base64.b64encode(b"<a>").decode()])
def test_junk_is_refused(client, campus, junk):
    ask(client)
    assert deliver(client, junk).status_code in {200, 401}
    assert signed_in(client) is None


def test_an_answer_works_once_and_in_the_browser_that_asked(client, campus, keys):
    response = answer_of_the_house(ask(client), keys)
    stranger = Client(HTTP_HOST=HOST)
    deliver(stranger, response)
    assert signed_in(stranger) is None
    deliver(client, response)
    assert signed_in(client) == str(campus.pk)
    client.post("/accounts/logout/")
    deliver(client, response)
    assert signed_in(client) is None


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_relay_state_sends_nowhere_else(client, campus, keys, target):
    assert deliver(client, answer_of_the_house(ask(client), keys), RelayState=target).url == "/"


def test_our_metadata_are_public(client, campus):
    metadata = etree.fromstring(client.get("/accounts/saml/campus/metadata/").content)
    assert metadata.get("entityID") == f"{BASE}/metadata/"


def test_a_house_that_is_not_configured_is_not_there(db):
    for path in ("login", "acs/finish", "metadata"):
        assert Client().get(f"/accounts/saml/campus/{path}/").status_code == 404, path
