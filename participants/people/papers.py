"""Paper forms for families without e-mail: one document a signer, filled in by typst from one template.

Values travel as JSON beside the template and are never part of its markup, so nothing that a person typed can be run.
"""

import json

import typst
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from participants.people import questions
from participants.people.models import Pupil

TEMPLATE = settings.BASE_DIR / "templates" / "participants" / "people" / "papers" / "consent.typ"


def write(pupils: list[Pupil]) -> bytes:
    """The forms of these pupils as one tagged PDF, each signer in their own language."""
    texts = questions.current_texts()
    prefetch_related_objects(pupils, questions.where_they_are(), questions.who_answers())
    signed_by = [sheet for pupil in pupils for sheet in _sheets(pupil, texts)]
    language = signed_by[0]["lang"] if signed_by else "fr"
    with translation.override(language):
        data = {"title": _("Agreements"), "lang": language, "center": settings.CENTER_NAME, "sheets": signed_by}
    # Only the folder of the template can be read, and nothing is fetched.
    return typst.compile(
        str(TEMPLATE), root=str(TEMPLATE.parent), sys_inputs={"data": json.dumps(data)}, pdf_standards=["ua-1"]
    )


def _sheets(pupil, texts):
    """A sheet a guardian who is asked anything (an empty one where none is known), and one for the pupil."""
    enrolment = pupil.now[0] if pupil.now else None
    guardians = [link.guardian for link in pupil.answering]
    for guardian in guardians or [None]:
        purposes = questions.asked_of(pupil.age, is_pupil=False)
        if purposes:
            yield _sheet(pupil, enrolment, guardian, [texts[p] for p in purposes if p in texts], is_pupil=False)
    purposes = questions.asked_of(pupil.age, is_pupil=True)
    if purposes:
        yield _sheet(pupil, enrolment, None, [texts[p] for p in purposes if p in texts], is_pupil=True)


def _sheet(pupil, enrolment, guardian, texts, *, is_pupil):
    language = guardian.language if guardian else "fr"
    with translation.override(language):
        place = (
            [str(enrolment.school), enrolment.class_group.name if enrolment.class_group else ""] if enrolment else []
        )
        return {
            "lang": language,
            "heading": _("Agreements for %(name)s") % {"name": pupil},
            "place": " · ".join(part for part in place if part),
            "born": _("born on %(day)s") % {"day": date_format(pupil.birth_date, "DATE_FORMAT")},
            "signer": _("To be answered by the pupil")
            if is_pupil
            else _("To be answered by a parent or legal guardian"),
            "name_label": _("First and last name"),
            "name": str(pupil) if is_pupil else str(guardian or ""),
            "intro": _(
                "Please tick yes or no for each point, sign, and give this paper back to the school. "
                "A no changes nothing at school."
            ),
            "yes": pgettext("on paper", "I agree"),
            "no": pgettext("on paper", "I do not agree"),
            "date_label": _("Date"),
            "signature_label": _("Signature"),
            "points": [
                {"title": text.title, "paragraphs": text.text.split("\n\n"), "version": _version(text)}
                for text in texts
            ],
        }


def _version(text):
    return _("Version %(number)s, fingerprint %(mark)s") % {"number": text.version, "mark": text.fingerprint[:12]}
