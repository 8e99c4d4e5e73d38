"""Files from outside (scans of signed papers, answers): what they may be is decided by their content, and nothing but the
picture itself is kept."""

import io
import secrets
import warnings
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FOLDER = "consents"
LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3000
PDF, JPEG, PNG = b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def keep(upload, folder: str = FOLDER) -> str:
    """Check an uploaded file and keep it under a random name; returns the name."""
    if upload.size > LARGEST:
        raise ValidationError(_("This file is larger than 10 MB. Scan it in a lower quality, or page by page."))
    content = upload.read()
    if content.startswith(PDF):
        return _write(content, "pdf", folder)
    if content.startswith((JPEG, PNG)):
        return _write(_picture_alone(content), "jpg", folder)
    raise ValidationError(_("This is neither a PDF nor a JPEG or PNG picture. Scan or photograph the paper again."))


def path_of(name: str, folder: str = FOLDER) -> Path:
    return settings.PRIVATE_ROOT / folder / name


def forget(name: str, folder: str = FOLDER) -> None:
    """Delete a file that no row names."""
    path_of(name, folder).unlink(missing_ok=True)


def _picture_alone(content: bytes) -> bytes:
    """The picture drawn anew: upright, in a sensible size, without place, device or anything else that was in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(_("This picture is too large. Take it again in a lower resolution."))
            picture = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        raise ValidationError(_("This picture cannot be read. Take it again.")) from None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=85)
    return written.getvalue()


def _write(content: bytes, ending: str, folder: str) -> str:
    name = f"{secrets.token_hex(24)}.{ending}"
    path = path_of(name, folder)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(content)
    path.chmod(0o600)
    return name
