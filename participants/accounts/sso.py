"""Sign-in through another house, configured by environment variables alone (README.md, rule 9)."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def providers(env) -> dict:
    """django-allauth's SOCIALACCOUNT_PROVIDERS; a house that is not configured has no button and no address."""
    return {
        "openid_connect": {
            "provider_class": "participants.accounts.oidc.Provider",
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [oidc(env)] if env.str("OIDC_SERVER_URL", "") else [],
        },
        "saml": {"APPS": [saml(env)] if env.str("SAML_IDP_ENTITY_ID", "") else []},
    }


# Names under which houses of higher education and others send the same facts. Nothing says "this address is verified":
# that is believed for a house's own domains only.
SAML_ATTRIBUTES = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id", "urn:oid:1.3.6.1.4.1.5923.1.1.1.13"],
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "mail",
    ],
    "first_name": ["urn:oid:2.5.4.42", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "givenName"],
    "last_name": ["urn:oid:2.5.4.4", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "sn"],
}


def oidc(env) -> dict:
    return {
        "provider_id": env.str("OIDC_ID", "sso"),
        "name": env.str("OIDC_NAME", "OpenID Connect"),
        "client_id": needed(env, "OIDC_CLIENT_ID"),
        "secret": needed(env, "OIDC_CLIENT_SECRET"),
        "settings": {
            "server_url": env.str("OIDC_SERVER_URL"),
            "verified_email": env.list("OIDC_VERIFIED_DOMAINS", default=[]),
        },
    }


def saml(env) -> dict:
    idp = {
        "entity_id": env.str("SAML_IDP_ENTITY_ID"),
        "sso_url": needed(env, "SAML_IDP_SSO_URL"),
        "x509cert": needed(env, "SAML_IDP_CERTIFICATE"),
    }
    return {
        "provider_id": idp["entity_id"],
        "name": env.str("SAML_NAME", "SAML"),
        "client_id": env.str("SAML_ID", "saml"),
        "settings": {
            "idp": idp,
            "sp": {"entity_id": env.str("SAML_SP_ENTITY_ID", "")},
            "attribute_mapping": SAML_ATTRIBUTES,
            "verified_email": env.list("SAML_VERIFIED_DOMAINS", default=[]),
            "advanced": {"strict": True, "want_assertion_signed": True, "reject_deprecated_algorithm": True},
        },
    }


def origins(env) -> list[str]:
    """Where the sign-in form may be sent on to; more, if the house sends its visitors around, in SSO_ORIGINS."""
    urls = [env.str("OIDC_SERVER_URL", ""), env.str("SAML_IDP_SSO_URL", "")]
    return [f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in urls if url] + env.list(
        "SSO_ORIGINS", default=[]
    )


def needed(env, name) -> str:
    if value := env.str(name, ""):
        return value
    raise ImproperlyConfigured(f"{name} is not set, though the sign-in through another house is switched on.")
