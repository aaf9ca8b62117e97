"""Settings of the tests: the product's own, plus a record type to try rules on."""

import atexit
import os
import shutil
import tempfile
import uuid
from pathlib import Path

# Tests share the embedded server of the checkout, never a desk's own database.
os.environ.setdefault(
    "SECRET_KEY", "tests-need-no-secret-but-fifty-characters-of-one-0123456789"
)
os.environ.setdefault("DEMONSTRATION", "true")
os.environ.setdefault("SITE_URL", "http://localhost:8000")

from servicedesk.settings import *  # noqa: F403
from servicedesk.settings import DATA_DIR, DATABASES, INSTALLED_APPS, TEMPLATES

DEBUG = False
TEMPLATES[0]["OPTIONS"]["debug"] = True  # so that coverage sees templates
INSTALLED_APPS = [*INSTALLED_APPS, "tests.probe"]
if "EMAIL_URL" not in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMONSTRATION_MAIL_DIR = DATA_DIR / "test-mail"  # never among a desk's own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
if "TEST_DATABASE" in os.environ:  # a process that a test starts on its own database
    DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
ALLOWED_HOSTS = ["*"]
# Made by the first file that a test stores, gone with the process.
ATTACHMENTS_DIR = Path(tempfile.gettempdir()) / f"attachments-{uuid.uuid4().hex}"
atexit.register(shutil.rmtree, ATTACHMENTS_DIR, ignore_errors=True)
