"""All settings, read from the environment (see the table in README.md)."""

import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from servicedesk.embedded import socket_directory
from servicedesk.secret_key import load_or_create_secret

env = environ.Env()


def _whole_number(name: str, default: int) -> int:
    found = env.str(name, default=str(default))
    if not found.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {found!r}.")
    return int(found)


def _switch(name: str, *, default: bool) -> bool:
    found = env.str(name, default=str(default)).strip().lower()
    if found in {"1", "true", "yes", "on"}:
        return True
    if found in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {found!r}.")


BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).absolute()

DATABASE_URL = env.str("DATABASE_URL", default="")
if DATABASE_URL and not DATABASE_URL.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL server: postgresql://..."
    )
# What `make run` starts: a desk to try out, that makes its own secret.
DEMONSTRATION = _switch("DEMONSTRATION", default=not DATABASE_URL)
DEBUG = _switch("DEBUG", default=False)
PORT = _whole_number("PORT", 8000)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path:
    raise ImproperlyConfigured(
        "SITE_URL needs a scheme and a host and nothing else, such as"
        " https://desk.example.org"
    )
SITE_HOST = _site.hostname
SITE_IS_HTTPS = _site.scheme == "https"

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEMONSTRATION:
        raise ImproperlyConfigured("Set SECRET_KEY: 50 random characters, kept secret.")
    SECRET_KEY = load_or_create_secret(DATA_DIR / "secret-key")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[
        SITE_HOST,
        "localhost",
        "127.0.0.1",
        "[::1]",
        env.str("HOST", default="localhost"),
    ],
)
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]

INSTALLED_APPS = [
    "servicedesk",
    "problems",
    "incidents",
    "knowledgebase",
    "sla",
    "catalogue",
    "activity",
    "accounts",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "servicedesk.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.own_time_zone",
    "servicedesk.middleware.no_null_bytes",
    "django_htmx.middleware.HtmxMiddleware",
    "servicedesk.middleware.refusals",
]

ROOT_URLCONF = "servicedesk.urls"
WSGI_APPLICATION = "servicedesk.wsgi.application"
# The address is unique whatever its case: constraint user_email_once.
# HSTS for subdomains is the operator's choice: HSTS_SUBDOMAINS.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W005", "security.W021"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "servicedesk.inbox.context_processors.inbox",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database ---------------------------------------------------------------------

if DATABASE_URL:
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "servicedesk.embedded.engine",
            "HOST": str(socket_directory(DATA_DIR)),
            "NAME": "servicedesk",
            "USER": "servicedesk",
            "DATA_DIR": str(DATA_DIR),
        }
    }
DATABASES["default"].update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# One cache for all processes, so that rate limits count together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        # Far above what a day of rate limits needs: a full cache forgets live ones.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- people -----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_validation}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": f"{_validation}.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "servicedesk.account_mail.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.models.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
# A whole site may share one address, so the limit that counts is by account.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "100/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/m/key",
    # By person: while they type, and when they say that an article helped.
    "look_for_help": "60/m/user",
    "say_it_helped": "20/m/user",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "accounts.forms.LogInForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
# Until the browser closes, or for a week where "keep me logged in" was ticked.
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
# Long enough for who is welcomed on a Friday night; the link works once.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS
# Behind this many trusted proxies; 0 means that clients connect directly.
ALLAUTH_TRUSTED_PROXY_COUNT = _whole_number("TRUSTED_PROXY_COUNT", 0)

# --- security headers -------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SITE_IS_HTTPS and _switch("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SITE_IS_HTTPS else 0
# Other hosts below the same name are not ours to promise for.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _switch(
    "HSTS_SUBDOMAINS", default=False
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if _switch("TRUST_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- language, time, files --------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "servicedesk" / "locale"]
FORMAT_MODULE_PATH = ["servicedesk.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
if TIME_ZONE not in zoneinfo.available_timezones():
    raise ImproperlyConfigured(
        f"TIME_ZONE must name a time zone such as Europe/Berlin, not {TIME_ZONE!r}."
    )
USE_TZ = True

# What people attach: private, never below anything that a web server serves.
ATTACHMENTS_DIR = Path(
    env.str("ATTACHMENTS_DIR", default=str(DATA_DIR / "attachments"))
).absolute()
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT: Path | None = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if DEMONSTRATION:
    # Served from where they lie: `make run` works without collectstatic.
    STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    STATIC_ROOT = None
    WHITENOISE_USE_FINDERS = True

# --- e-mail -----------------------------------------------------------------------

if not (DEMONSTRATION or DEBUG or "EMAIL_URL" in env.ENVIRON):
    raise ImproperlyConfigured(
        "Set EMAIL_URL, such as smtp+tls://user:password@mail.example.org:587"
    )
if "EMAIL_URL" in env.ENVIRON:
    if env.str("EMAIL_URL").partition("://")[0] not in env.EMAIL_SCHEMES:
        schemes = ", ".join(sorted(env.EMAIL_SCHEMES))
        raise ImproperlyConfigured(f"EMAIL_URL must begin with one of: {schemes}.")
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "servicedesk.console_mail.EmailBackend"
# Where the demonstration keeps what it would have sent, to be read in the browser.
DEMONSTRATION_MAIL_DIR: Path | None = None
if DEMONSTRATION and "EMAIL_URL" not in env.ENVIRON:
    DEMONSTRATION_MAIL_DIR = DATA_DIR / "mail"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"Service desk <servicedesk@{SITE_HOST}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Whom people ask for help: shown on the help page, linked from every page.
HELP_EMAIL = env.str("HELP_EMAIL", default="")
HELP_PHONE = env.str("HELP_PHONE", default="")

# --- background work --------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="folder://localhost/")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
if CELERY_BROKER_URL.startswith("folder:"):
    _broker_dir = DATA_DIR / "broker"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker_dir / "queue"),
        "data_folder_out": str(_broker_dir / "queue"),
        "control_folder": str(_broker_dir / "control"),
        "polling_interval": 0.2,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    # A wake-up that found no worker in time is worthless: the next one does the same.
    "sweep": {
        "task": "activity.tasks.sweep_due_timers",
        "schedule": 2.0,
        "options": {"expires": 5},
    },
    "deliver": {
        "task": "activity.tasks.send_due_deliveries",
        "schedule": 2.0,
        "options": {"expires": 5},
    },
    "forget-sessions": {
        "task": "activity.tasks.clear_expired_sessions",
        "schedule": 24 * 60 * 60.0,
        "options": {"expires": 60},
    },
    "follow-calendars": {
        "task": "incidents.tasks.follow_calendars",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "forget-uploads": {
        "task": "incidents.tasks.forget_unsent_uploads",
        "schedule": 60 * 60.0,
        "options": {"expires": 60},
    },
    "forget-misses": {
        "task": "knowledgebase.tasks.forget_old_misses",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"expires": 4 * 60 * 60},
    },
    "forget-images": {
        "task": "knowledgebase.tasks.forget_unused_images",
        "schedule": 60 * 60.0,
        "options": {"expires": 60},
    },
    # At night, so that a worker that comes back within hours still does it.
    "prove-history": {
        "task": "activity.tasks.prove_history",
        "schedule": crontab(hour="2", minute="10"),
        "options": {"expires": 4 * 60 * 60},
    },
    "prove-clocks": {
        "task": "incidents.tasks.prove_clocks",
        "schedule": crontab(hour="2", minute="40"),
        "options": {"expires": 4 * 60 * 60},
    },
}

# --- watching ---------------------------------------------------------------------

# Asked every minute while all is well, so that somebody outside notices silence.
DEADMAN_URL = env.str("DEADMAN_URL", default="")
if DEADMAN_URL and urlsplit(DEADMAN_URL).scheme not in {"http", "https"}:
    raise ImproperlyConfigured("DEADMAN_URL must begin with http:// or https://")

# --- logs -------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(
        f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL, not {LOG_LEVEL!r}."
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "activity.request_ids.RequestIdFilter"}},
    "formatters": {
        "line": {
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        }
    },
    "handlers": {
        "nowhere": {"class": "logging.NullHandler"},
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "line",
        },
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # A refusal is an answer, not a fault: no traceback for it.
        "django.request": {"level": "ERROR"},
        # Anybody can send any Host; the answer is 400 and that is all.
        "django.security.DisallowedHost": {
            "handlers": ["nowhere"],
            "propagate": False,
        },
    },
}
