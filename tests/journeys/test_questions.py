"""A question that an earlier answer calls for: shown once that answer is given, on a phone."""

import pytest

from programs.activities.models import Answer
from tests.factories.activities import ActivityFactory, AskedQuestionFactory, InquiryFactory, SessionFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE


@pytest.mark.a11y
def test_a_question_appears_with_the_answer_that_calls_for_it(open_page):
    session = SessionFactory(activity=ActivityFactory(registration_for=["public"]))
    ways = InquiryFactory(kind="choice", text_en="How do you come?", options_fr=["train", "voiture"])
    coming = AskedQuestionFactory(activity=session.activity, question=ways)
    plate = InquiryFactory(kind="short", text_en="Number plate")
    AskedQuestionFactory(
        activity=session.activity, question=plate, rank=2, is_required=True, only_if=coming, only_if_answer="voiture"
    )
    page = open_page(f"/sessions/{session.pk}/register/", width=PHONE, language="en")
    number = page.get_by_label("Number plate")
    number.wait_for(state="hidden")
    page.get_by_label("voiture").check()
    number.wait_for()
    assert_accessible(page)
    page.get_by_label("train").check()
    number.wait_for(state="hidden")
    page.get_by_label("voiture").check()
    number.fill("AB-123-CD")
    page.get_by_label("Your e-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    assert sorted(Answer.objects.values_list("value", flat=True)) == ["AB-123-CD", "voiture"]
