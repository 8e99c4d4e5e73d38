"""A phone's camera for Chromium: a film of a code instead of the world, and a reader of codes where the system has none."""

import base64
import io
from pathlib import Path

import segno
import zxingcpp
from PIL import Image

# Chromium reads codes only where the system does (Android, macOS, ChromeOS). The page is given what it has there: it
# hands over a picture of the film, and hears what stands on it.
DETECTOR = """
window.BarcodeDetector = class {
  async detect(film) {
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [film.videoWidth, film.videoHeight];
    sheet.getContext("2d").drawImage(film, 0, 0);
    return (await window.readCodes(sheet.toDataURL("image/png"))).map((rawValue) => ({ rawValue }));
  }
};
"""


def codes_on(picture: bytes) -> list[str]:
    """What the codes on a picture say."""
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))]


def film_of(text: str, path: Path) -> list[str]:
    """Write a film of a code to `path`; the arguments with which Chromium takes it for its camera."""
    code = io.BytesIO()
    segno.make(text, error="m", micro=False).save(code, kind="png", scale=8)
    sheet = Image.new("RGB", (640, 480), "white")
    sheet.paste(Image.open(code).convert("RGB"), (120, 60))
    sheet.save(path, format="jpeg", quality=95)
    camera = (
        "use-fake-ui-for-media-stream",
        "use-fake-device-for-media-stream",
        f"use-file-for-fake-video-capture={path}",
    )
    return [f"--{argument}" for argument in camera]


def give_reader(context):
    """Let the pages of this context read codes."""
    context.expose_function("readCodes", lambda address: codes_on(base64.b64decode(address.partition(",")[2])))
    context.add_init_script(DETECTOR)
