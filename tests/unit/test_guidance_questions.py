"""Questions to ask: a general sheet, and those that a record itself raises."""

from stemcheck.guidance.questions import Audience, all_questions, questions_for
from stemcheck.trial.terms import Route
from stemcheck.trial.trial import Trial
from tests.unit.test_guidance_cautions import PLAIN_TRIAL, reading, saved, signal, status


def ids_for(given: Trial | None, audience: Audience = "patient") -> set[str]:
    return {question.id for question in questions_for(given, audience)}


def test_without_a_trial_the_general_questions_are_asked():
    general = ids_for(None)
    assert {"which-number", "what-is-known", "what-harm", "what-cost", "my-doctor"} <= general
    assert "status-old" not in general


def test_what_the_record_leaves_open_is_asked():
    assert "route-missing" in ids_for(reading(routes=(Route.NOT_STATED,)))
    assert "closed-record" in ids_for(status("COMPLETED"))
    assert "why-pay" in ids_for(signal("participants-pay"))
    assert not {"route-missing", "closed-record", "why-pay"} & ids_for(PLAIN_TRIAL)


def test_an_infusion_without_a_vessel_is_not_called_silence():
    ids = ids_for(reading(routes=(Route.INFUSION_UNSPECIFIED,)))
    assert "vessel-missing" in ids
    assert "route-missing" not in ids


def test_an_invited_person_is_not_asked_what_is_offered():
    ids = ids_for(status("ENROLLING_BY_INVITATION"))
    assert "by-invitation" in ids
    assert "closed-record" not in ids


def test_clinicians_and_patients_get_their_own_sheets():
    assert ids_for(None).isdisjoint(ids_for(None, "clinician"))
    assert "clinician-ind" in ids_for(None, "clinician")


def test_every_question_asks_and_has_a_source():
    for question in all_questions():
        assert "?" in question.text
        assert question.source
        assert question.when


def test_saved_data_raise_one_question_on_their_day():
    texts = {q.id: q.text for q in questions_for(saved(status("COMPLETED")))}
    assert texts["saved-status"].startswith("My information on this study is from 13 Oct 2022.")
    assert "closed-record" not in texts
    assert "status-old" not in ids_for(saved(signal("status-not-verified")))
    assert "clinician-results" not in ids_for(saved(signal("no-results-posted")), "clinician")
    assert "clinician-saved" in ids_for(saved(PLAIN_TRIAL), "clinician")


def test_no_question_is_asked_with_a_gap_in_it():
    for given in (None, PLAIN_TRIAL, saved(PLAIN_TRIAL)):
        for audience in ("patient", "clinician"):
            assert not any("{" in question.text for question in questions_for(given, audience))
