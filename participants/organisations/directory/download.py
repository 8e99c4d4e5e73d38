"""Official files fetched from the open data of the ministry of education."""

from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participants.organisations.directory import reading

# name: identifier of the data set, what to keep of it
DATASETS = {
    "directory": ("fr-en-annuaire-education", 'type_etablissement in ("Collège", "Lycée", "EREA")'),
    "ips-colleges": ("fr-en-ips-colleges-ap2023", ""),
    "ips-lycees": ("fr-en-ips-lycees-ap2023", ""),
}
TIMEOUT = 60
CHUNK = 1024 * 1024


def fetch(name: str, folder: Path) -> Path:
    """Download a data set into a folder; ValidationError when the answer fails or grows too large."""
    identifier, where = DATASETS[name]
    query = urlencode({"delimiter": ";", "use_labels": "false"} | ({"where": where} if where else {}))
    address = f"{settings.OPEN_DATA_URL}/api/explore/v2.1/catalog/datasets/{identifier}/exports/csv?{query}"
    target = folder / f"{identifier}.csv"
    try:
        with urlopen(address, timeout=TIMEOUT) as answer, target.open("wb") as file:  # noqa: S310 - address of a setting
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                if file.tell() > reading.MAX_BYTES:
                    raise ValidationError(_("The download is larger than expected and was stopped."))
    except OSError as error:
        if isinstance(error, HTTPError):
            error.close()
        raise ValidationError(
            _("The download from %(address)s failed: %(why)s.") % {"address": settings.OPEN_DATA_URL, "why": error}
        ) from error
    return target
