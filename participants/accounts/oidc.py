"""OpenID Connect with nothing taken on trust.

django-allauth reads the ID token of the code flow without checking its signature, because the connection to the token
endpoint is trusted, and sends no nonce. Here the token must be signed by a key of the house, for us, for this very
attempt; what the userinfo endpoint adds must speak of the same person.
"""

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.crypto import constant_time_compare, get_random_string

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
REQUIRED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]
CLOCK_DRIFT = 30  # seconds


class Adapter(OpenIDConnectOAuth2Adapter):
    nonce = ""

    def complete_login(self, request, app, token, **kwargs):
        claims = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        userinfo = self._fetch_user_info(token.token)
        if userinfo.get("sub") != claims["sub"]:
            raise OAuth2Error("userinfo speaks of another person than the ID token")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": userinfo, "id_token": claims})

    def _decode_id_token(self, app, id_token):
        try:
            claims = jwt.decode(
                id_token,
                key=self._key_of(id_token),
                algorithms=ALGORITHMS,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=CLOCK_DRIFT,
                options={"require": REQUIRED_CLAIMS},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise OAuth2Error("the ID token is not acceptable") from error
        if not (self.nonce and constant_time_compare(str(claims["nonce"]), self.nonce)):
            raise OAuth2Error("the ID token answers another attempt")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token was made for another client")
        return claims

    def _key_of(self, id_token):
        """The key of the house that the token names, or its only one; its kind decides which algorithms can fit."""
        wanted = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.key_type != "oct"]
        fitting = [key for key in keys if wanted in {None, key.key_id}]
        if len(fitting) != 1:
            raise jwt.InvalidKeyError("no such key")
        return fitting[0]


class Provider(OpenIDConnectProvider):
    package = "allauth.socialaccount.providers.openid_connect"  # where its addresses stand
    oauth2_adapter_class = Adapter

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        nonce = get_random_string(32)
        parameters = self.get_auth_params() | {"nonce": nonce}
        return super().redirect(
            request, process, next_url=next_url, data=data, nonce=nonce, **kwargs | {"auth_params": parameters}
        )

    def extract_email_addresses(self, data):
        """What the house says about an address is believed for its own domains only (`verified_email`)."""
        addresses = super().extract_email_addresses(data)
        for address in addresses:
            address.verified = False
        return addresses


class CallbackView(OAuth2CallbackView):
    def _get_state(self, request, provider):
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response


@login_not_required
def callback(request, provider_id):
    """Where the house sends its visitor back to."""
    try:
        return CallbackView.adapter_view(Adapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
