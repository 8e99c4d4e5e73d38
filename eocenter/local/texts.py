"""Translations compiled without gettext."""

import polib

from eocenter.local.state import ROOT


def compile_texts():
    """Write each .mo that is missing or older than its .po."""
    for path in ROOT.glob("locale/*/LC_MESSAGES/django.po"):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(compiled))
