"""The speaker's kit: written by those who run the activity, opened by those who come."""

from django.db import transaction

from participants.people import scans
from programs.activities.models import KitDocument, KitOpening

FOLDER = "kits"


def add_document(*, kit, title, upload):
    """Keep a PDF or a picture beside the kit; raises ValidationError when it is neither."""
    return KitDocument.objects.create(kit=kit, title=title, stored_as=scans.keep(upload, FOLDER))


def remove_document(*, document):
    """The row goes, and the file once that is sure."""
    transaction.on_commit(lambda: scans.forget(document.stored_as, FOLDER))
    document.delete()


def open_kit(*, assignment):
    """Note the first opening; later ones change nothing."""
    return KitOpening.objects.get_or_create(assignment=assignment)[0]
