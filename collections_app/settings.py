"""Django settings. What differs between machines comes from `env`; nothing here reads the environment itself."""

import os
import sys
from pathlib import Path

import dj_database_url
import django_stubs_ext
import structlog
from csp.constants import NONCE, NONE, SELF

from collections_app.env import load_environment
from collections_app.lib.log_privacy import without_tokens

django_stubs_ext.monkeypatch()  # ModelForm[Policy] and its like are types at run time, too

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = load_environment(BASE_DIR)

DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
ALLOWED_HOSTS = list(ENV.allowed_hosts)
BASE_URL = ENV.base_url
DEMO = ENV.demo
DATASET = ENV.dataset
TESTING = "pytest" in sys.modules

INSTALLED_APPS = [
    "collections_app.apps.CollectionsConfig",
    "collections_app.accounts",
    "collections_app.audit",
    "collections_app.web",
    "collections_app.api",
    "collections_app.demo",
    "customers",
    "invoices",
    "dunning",
    "worklist",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "lucide",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "anymail",
    "django_structlog",
]

MIDDLEWARE = [
    "collections_app.web.health.LivenessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    *([] if TESTING else ["whitenoise.middleware.WhiteNoiseMiddleware"]),
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "collections_app.web.middleware.OutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "collections_app.web.middleware.PagePolicyMiddleware",
    "collections_app.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "collections_app.urls"
WSGI_APPLICATION = "collections_app.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "csp.context_processors.nonce",
                "collections_app.web.context.frame",
                "collections_app.demo.context.demo_users",
            ],
        },
    },
]

# --- database, broker, cache -----------------------------------------------------------------------------------------

DATABASES = {"default": dj_database_url.parse(ENV.database_url_or_embedded, conn_max_age=60, conn_health_checks=True)}
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
if TESTING:  # two test runs on one engine must not meet
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{os.getpid()}"}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.cache_url,
        "KEY_PREFIX": ENV.dataset or "main",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}

CELERY_BROKER_URL = ENV.broker_url
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "global_keyprefix": f"{ENV.dataset or 'main'}:",
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page must answer when the broker is away: publishing is tried once, the sweep does the rest.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Beat only ticks. What is due is selected from PostgreSQL and claimed there.
CELERY_BEAT_SCHEDULE = {
    "aging-snapshots": {"task": "invoices.tasks.take_due_aging_snapshots", "schedule": ENV.tick_seconds},
    "check-books": {"task": "invoices.tasks.check_due_books", "schedule": ENV.tick_seconds},
    "judge-promises": {"task": "invoices.tasks.judge_due_promises", "schedule": ENV.tick_seconds},
    "judge-plans": {"task": "invoices.tasks.judge_due_plans", "schedule": ENV.tick_seconds},
    "judge-segments": {"task": "invoices.tasks.judge_due_segments", "schedule": ENV.tick_seconds},
    "webhooks": {"task": "invoices.tasks.process_waiting_webhooks", "schedule": ENV.tick_seconds / 2},
    "bank-files": {"task": "invoices.tasks.read_waiting_bank_files", "schedule": ENV.tick_seconds},
    "bank-lines": {"task": "invoices.tasks.match_waiting_bank_lines", "schedule": ENV.tick_seconds},
    "documents-due": {"task": "invoices.tasks.queue_due_document_mails", "schedule": ENV.tick_seconds * 5},
    "document-mails": {"task": "invoices.tasks.deliver_due_document_mails", "schedule": ENV.tick_seconds / 2},
    "mail-events": {"task": "customers.tasks.follow_waiting_mail_events", "schedule": ENV.tick_seconds},
    "dunning-prepare": {"task": "dunning.tasks.prepare_due_runs", "schedule": ENV.tick_seconds},
    "dunning-deliver": {"task": "dunning.tasks.deliver_due_notices", "schedule": ENV.tick_seconds / 2},
    "mails-by-hand": {"task": "dunning.tasks.deliver_due_messages", "schedule": ENV.tick_seconds / 2},
    "dunning-inbound": {"task": "dunning.tasks.collect_inbound_messages", "schedule": ENV.tick_seconds},
    "dunning-fees": {"task": "dunning.tasks.claim_fees_of_sent_notices", "schedule": ENV.tick_seconds},
    "dunning-end": {"task": "dunning.tasks.end_ladders", "schedule": ENV.tick_seconds * 10},
    "dunning-bundles": {"task": "dunning.tasks.make_wanted_bundles", "schedule": ENV.tick_seconds},
    "dunning-rehearsals": {"task": "dunning.tasks.run_waiting_rehearsals", "schedule": ENV.tick_seconds},
    "dunning-forget": {"task": "dunning.tasks.forget_old_decisions", "schedule": 6 * 3600.0},
    "worklist-strategies": {"task": "worklist.tasks.check_waiting_strategies", "schedule": ENV.tick_seconds},
    "dispute-owners": {"task": "worklist.tasks.tell_owners_of_disputes", "schedule": ENV.tick_seconds * 5},
    "account-news": {"task": "worklist.tasks.tell_news_of_accounts", "schedule": ENV.tick_seconds * 2},
    "escalations": {"task": "worklist.tasks.escalate_accounts_by_rule", "schedule": 3600.0},
    "worklist-score": {"task": "worklist.tasks.rescore_due_customers", "schedule": ENV.tick_seconds},
    "audit-seal": {"task": "collections_app.audit.tasks.seal_audit_entries", "schedule": 60.0},
}

# --- people ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:  # a strong hash for every person of every test would be most of the suite's time
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "collections_app.accounts.sign_in.SignInAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True

# --- pages -----------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("nl", "Nederlands")]
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = ENV.home / "static"
MEDIA_ROOT = ENV.home / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS += ["django.forms"]
SILENCED_SYSTEM_CHECKS: list[str] = []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- transport security ----------------------------------------------------------------------------------------------

HTTPS = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS and not ENV.proxy_https
if HTTPS and ENV.proxy_https:  # the proxy redirects; Django would answer its health checks with a redirect
    SILENCED_SYSTEM_CHECKS.append("security.W008")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.proxy_https else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else f"session{ENV.port}"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else f"csrf{ENV.port}"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "collections_app.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# --- mail, gateways, adapters ----------------------------------------------------------------------------------------

EMAIL_BACKEND = ENV.email_backend
EMAIL_HOST = ENV.email_host
EMAIL_PORT = ENV.email_port
EMAIL_HOST_USER = ENV.email_user
EMAIL_HOST_PASSWORD = ENV.email_password
EMAIL_USE_TLS = ENV.email_use_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENV.email_from
ANYMAIL: dict[str, object] = dict(ENV.anymail_settings)
EMAIL_PROVIDER = ENV.email_provider
SMS_URL, SMS_AUTHORIZATION, SMS_SENDER = ENV.sms_url, ENV.sms_authorization, ENV.sms_sender
SMS_FORMAT, SMS_FIELDS = ENV.sms_format, ENV.sms_fields
NOTICE_WEBHOOK_URL, NOTICE_WEBHOOK_SECRET = ENV.notice_webhook_url, ENV.notice_webhook_secret

DUNNING_DECISION_DAYS = 400  # how long the reasons of every account and day are kept
INBOX_URL, INBOX_PASSWORD = ENV.inbox_url, ENV.inbox_password
# Answers to a mail by hand go to this address with a mark behind a +, where one is set; else to the seller's.
REPLY_ADDRESS = ENV.reply_address
INBOUND_SOURCES = ["dunning.inbound.imap.ImapMailbox", "dunning.inbound.anymail.AnymailWebhook"]
DUNNING_CHANNELS = [
    "dunning.channels.email.EmailChannel",
    "dunning.channels.letter.LetterChannel",
    "dunning.channels.call_task.CallTaskChannel",
    "dunning.channels.portal.PortalChannel",
    *(["dunning.channels.sms.SmsChannel"] if SMS_URL else []),
    *(["dunning.channels.webhook.WebhookChannel"] if NOTICE_WEBHOOK_URL else []),
]
PAYMENT_GATEWAYS = ["invoices.gateways.test_gateway.TestGateway"]
IMPORT_SOURCES = [
    "customers.import_sources.ibm.IbmSample",
    "customers.import_sources.sap.SapLineItems",
    "customers.import_sources.generic.GenericTable",
]
BANK_FORMATS = [  # the first that recognises a file reads it
    "invoices.bank_formats.camt.CAMT",
    "invoices.bank_formats.ofx.OFX",
    "invoices.bank_formats.swift.MT940",
    "invoices.bank_formats.bai.BAI2",
    "invoices.bank_formats.coda.CODA",
    "invoices.bank_formats.norma43.NORMA43",
    "invoices.bank_formats.qif.QIF",
    "invoices.bank_formats.csv_file.CSV",  # last: it takes any table
]
WEBHOOK_SECRETS = list(ENV.webhook_secrets)

# --- API -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "collections_app.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["collections_app.api.permissions.HasCapability"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "collections_app.api.pagination.KeysetPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "collections_app.api.errors.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Collections API",
    "DESCRIPTION": "Push customers, invoices and payments; pull balances. Amounts are strings with a currency.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CustomerKind": "customers.models.customer.Customer.Kind",
        "InvoiceKind": "invoices.models.invoice.Invoice.Kind",
    },
}

# --- logs ------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_tokens,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "collections": {"level": "INFO"},
        "django_structlog": {"level": "INFO"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
