"""Every setting of the platform, read from the environment (the list is in .env.example)."""

from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import environ
import sentry_sdk
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue

from eocenter import clock
from eocenter.logs import masked_event
from participants.accounts import sso

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
LOCAL_DIR = Path(env.str("EOC_LOCAL_DIR", str(BASE_DIR / ".local")))

# local: a person's own machine (make run, make test). production: everything else, and nothing is guessed there.
MODE = env.str("EOC_MODE", "production")
if MODE not in {"local", "production"}:
    raise ImproperlyConfigured(f"EOC_MODE is {MODE!r}: say local or production.")
IS_LOCAL = MODE == "local"


def required(name, local):
    """The value of a variable that production must be given; `local` serves on a person's own machine."""
    value = env.str(name, local if IS_LOCAL else "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: production does not start without it (see .env.example).")
    return value


SECRET_KEY = required("SECRET_KEY", "local-only-key-that-protects-nothing-but-a-demonstration")
# Former keys, so that what they signed or sealed still opens after a change.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = required("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")]
DEBUG = env.bool("DEBUG", False)
IS_DEMONSTRATION = env.bool("EOC_DEMONSTRATION", False)
# How many proxies stand before us: without it every visitor would share one address in the rate limits.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
CENTER_NAME = env.str("CENTER_NAME", "EO Center")
# Where `import_schools --download` finds the national directory.
OPEN_DATA_URL = env.str("OPEN_DATA_URL", "https://data.education.gouv.fr").rstrip("/")

INSTALLED_APPS = [
    "eocenter",
    "participants.accounts",
    "participants.organisations",
    "participants.people",
    "participants.correspondence",
    "programs.activities",
    "programs.awareness",
    "impact.measurement",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "csp",
    "django_celery_beat",
    "django_htmx",
    "heroicons",
    "import_export",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "participants.accounts.pace.EvenPaceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "eocenter.middleware.own_language",
    "eocenter.middleware.office_policy",
    "eocenter.middleware.forget_on_sign_out",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "participants.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "eocenter.middleware.History",
]

ROOT_URLCONF = "eocenter.urls"
WSGI_APPLICATION = "eocenter.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "eocenter.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "eocenter.templatetags.look"],
        },
    }
]
FORM_RENDERER = "eocenter.forms.Renderer"
OFFICE_PATH = "/office/"
# The back office in the colours of static/css/tokens.css (django-unfold wants them as scales).
UNFOLD = {
    "SITE_TITLE": CENTER_NAME,
    "SITE_HEADER": CENTER_NAME,
    "SITE_SUBHEADER": _("Back office"),
    "SITE_ICON": lambda request: static("images/mark.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("images/mark.svg")}],
    "STYLES": [lambda request: static("css/office.css")],
    "SCRIPTS": [lambda request: static("js/office.js")],
    "SITE_URL": "/",
    "SITE_DROPDOWN": [{"icon": "arrow_back", "title": _("Back to the site"), "link": "/"}],
    "ENVIRONMENT": [_("Demonstration"), "warning"] if IS_DEMONSTRATION else None,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "SIDEBAR": {"show_search": True, "command_search": True, "show_all_applications": True},
    "COLORS": {
        "base": {
            step: f"oklch({light}% {chroma} {hue})"
            for step, light, chroma, hue in [
                ("50", 98, 0.009, 85), ("100", 95, 0.014, 85), ("200", 88.5, 0.022, 83), ("300", 80, 0.018, 83),
                ("400", 66, 0.012, 83), ("500", 52, 0.015, 268), ("600", 45, 0.02, 268), ("700", 36, 0.022, 269),
                ("800", 26, 0.018, 268), ("900", 21, 0.012, 268), ("950", 17, 0.01, 268),
            ]
        },
        "primary": {
            step: f"oklch({light}% {chroma} 263)"
            for step, light, chroma in [
                ("50", 97, 0.012), ("100", 94.8, 0.019), ("200", 89, 0.05), ("300", 84, 0.08), ("400", 78, 0.11),
                ("500", 60, 0.17), ("600", 46, 0.175), ("700", 41, 0.16), ("800", 37.5, 0.14), ("900", 32, 0.11),
                ("950", 24, 0.07),
            ]
        },
    },
}  # fmt: skip

# --- Data -----------------------------------------------------------------------------------------------------------
# The web says 10 s (eocenter/wsgi.py); a worker or a command may take longer.
STATEMENT_TIMEOUT = env.str("STATEMENT_TIMEOUT", "10min")
DATABASE = env.db_url_config(required("DATABASE_URL", "postgresql:///eocenter"))
DATABASE["CONN_MAX_AGE"] = 0
DATABASE["OPTIONS"] = DATABASE.get("OPTIONS", {}) | {
    # A pool waits while the server restarts, where a lone connection would answer with an error.
    "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", 8), "timeout": 15},
    # Every row trigger asks for the last one. Unset, each question is an error caught in a subtransaction, and ending
    # that walks through all foreign keys that wait for the commit: a list of pupils takes the square of its length.
    "options": f"-c statement_timeout={STATEMENT_TIMEOUT} -c lock_timeout=5s "
    "-c default_transaction_isolation=read\\ committed -c pgtrigger.ignore={}",
}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = required("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "eocenter.cache.CacheThatMayBeAway",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    },
    # What stands in while Redis is away (eocenter/cache.py).
    "doors": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "eocenter_doormark",
        "KEY_FUNCTION": "eocenter.cache.sealed",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", str(LOCAL_DIR / "private")))
MEDIA_ROOT = PRIVATE_ROOT
IMPORT_EXPORT_TMP_STORAGE_CLASS = "participants.correspondence.uploads.Beside"

# --- Who comes in ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "participants.accounts.passwords.GuessingValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = reverse_lazy("home")
ACCOUNT_ADAPTER = "participants.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"request_login_code": "participants.accounts.forms.LoginCodeForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# The mail of a school may take its time.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(timedelta(minutes=15).total_seconds())
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# A whole school shares one address, so an address may do a lot and one name behind it little. `key` is the name and
# the address together (see AccountAdapter): a stranger elsewhere cannot lock anyone out.
ACCOUNT_RATE_LIMITS = {
    "login": "240/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "request_login_code": "120/m/ip,60/h/key",
    "request_login_code_here": "5/10m/key",
    "reset_password": "30/m/ip,10/h/key",
    "signup": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ALLAUTH_USER_CODE_FORMAT = {"length": 6, "numeric": False, "dashed": True}

MFA_ADAPTER = "participants.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
# Staff pass a second factor, except where visitors walk through a demonstration with the accounts it prints.
MFA_FORCED = env.bool("EOC_MFA_FORCED", not IS_DEMONSTRATION)
if not (MFA_FORCED or IS_DEMONSTRATION):
    raise ImproperlyConfigured("EOC_MFA_FORCED can only be off together with EOC_DEMONSTRATION.")

SOCIALACCOUNT_ADAPTER = "participants.accounts.adapter.SsoAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = sso.providers(env)
SSO_ORIGINS = sso.origins(env)

# --- Pages ----------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
STATIC_URL = "/static/"
# A person's own machine serves static files where they stand; production collects, compresses and names them first.
STATIC_ROOT = None if IS_LOCAL else env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = IS_LOCAL

# --- Shields --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *SSO_ORIGINS],  # a browser follows the form to where it is sent on
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if not IS_LOCAL:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
    if TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Mail: written as a row first, sent by the worker -----------------------------------------------------------------
EMAIL_BACKEND = "participants.correspondence.mail.OutboxBackend"
MAIL_TRANSPORT = env.email_url_config(required("EMAIL_URL", f"filemail:///{LOCAL_DIR / 'mail'}"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "EO Center <no-reply@example.org>")
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
MAIL_DAILY_LIMIT = env.int("MAIL_DAILY_LIMIT", 5)
# How long a worker may be silent before its messages and jobs are given to another: longer than a slow mail server.
MAIL_LEASE = timedelta(seconds=env.int("MAIL_LEASE_SECONDS", 120))
JOB_LEASE = timedelta(seconds=env.int("JOB_LEASE_SECONDS", 60))
JOB_FILE_LIFE = timedelta(days=env.int("JOB_FILE_DAYS", 7))

# --- Work behind the pages --------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A page that leaves a hint for the worker does not wait for a broker that is away.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "socket_connect_timeout": 2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
QUEUES = ["default", "mail", "figures"]
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in QUEUES]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "participants.correspondence.tasks.work": {"queue": "default"},
    "participants.correspondence.tasks.*": {"queue": "mail"},
    "impact.measurement.tasks.*": {"queue": "figures"},
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = clock.plan(QUEUES)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "filters": {"tokens": {"()": "eocenter.logs.MaskTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}

# --- Errors are reported only where somebody asked for it, and without anything about a person --------------------------
if SENTRY_DSN := env.str("SENTRY_DSN", ""):
    sentry_sdk.init(
        SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=masked_event,
        before_send_transaction=masked_event,
    )
