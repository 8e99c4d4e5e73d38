"""Switches that break a protection on purpose, so that a test can show that it would notice.

`EOC_SABOTAGE=skip_locked,unique_key` turns switches on, and only in local mode on a test database: anywhere else the
variable does nothing. The code at each protection names its switch; `grep -rn "sabotage.is_on" .` is the list.
"""

import os

from django.conf import settings
from django.db import connection


def is_on(name: str) -> bool:
    """Whether this protection is switched off for a test."""
    wanted = os.environ.get("EOC_SABOTAGE", "")
    return name in wanted.split(",") and settings.IS_LOCAL and connection.settings_dict["NAME"].startswith("test_")
