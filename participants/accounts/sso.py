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
    attributes = {"uid": env.str("SAML_ATTRIBUTE_UID", ""), "email": env.str("SAML_ATTRIBUTE_EMAIL", "")}
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
            # What the house says about an address is believed for its own domains only, never by a claim of it.
            "attribute_mapping": {name: value for name, value in attributes.items() if value} | {"email_verified": []},
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
