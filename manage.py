#!/usr/bin/env python
"""Run an administrative command of the service desk."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from servicedesk.embedded import EmbeddedPostgresError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Wrong configuration: {error}")
    except OperationalError as error:
        # The operator needs the one line that says what to do, not where it was met.
        if isinstance(error.__cause__, EmbeddedPostgresError):
            sys.exit(str(error))
        if "connection" in str(error):
            sys.exit(f"The database cannot be used: {' '.join(str(error).split())}")
        raise


if __name__ == "__main__":
    main()
