"""Routes: which words name a way into the body, whose way it is, and which field is believed."""

import pytest

from stemcheck.reading import explain, read
from stemcheck.reading.quotes import Step
from stemcheck.trial.terms import Route
from stemcheck.trial.text import ArmText, InterventionText, RecordText
from tests.unit.reading_made_up import SPELLED_OUT, record_named, record_of

CELLS = InterventionText("BIOLOGICAL", "Stem cells")


def routes_and_steps(record: RecordText) -> tuple[set[str], list[Step]]:
    reading, steps = explain(record)
    assert read(record) == reading
    return {route.value for route in reading.routes}, [s for s in steps if s.claim == "route"]


def routes_of(record: RecordText) -> set[str]:
    return routes_and_steps(record)[0]


def routes_in(description: str, title: str = "", summary: str = "", detail: str = "") -> set[str]:
    """Read a record whose cell intervention is described so."""
    record = record_named(
        "Stem cells",
        description,
        brief_title=title,
        brief_summary=f"{summary}\n{SPELLED_OUT}",
        detailed_description=detail,
    )
    return routes_of(record)


def routes_in_summary(summary: str) -> set[str]:
    return routes_in("", summary=summary)


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("MSC will be infused intravenously over one hour.", "intravenous"),
        ("Intra Venus infusion of MSC", "intravenous"),
        ("MSC infused via a peripheral vein", "intravenous"),
        ("infusion through a central venous catheter", "intravenous"),
        ("2 million cells/kg given by i.v. drip", "intravenous"),
        ("UC-MSC, iv, 1x10^6 cells/kg, once a week", "intravenous"),
        ("MSC injected into the portal vein", "portal_vein"),
        ("cells are delivered through the hepatic artery", "intra_arterial"),
        ("infusion into the infarct-related artery", "intracoronary"),
        ("transendocardial injection of MSC", "intramyocardial"),
        ("injected at the edge of the myocardial infarction area", "intramyocardial"),
        ("intratechally, twice", "intrathecal"),
        ("cells are injected by lumbar puncture", "intrathecal"),
        ("stereotactically implanted into the striatum", "intracerebral"),
        ("injected into the spinal cord", "intraspinal"),
        ("injection of MSC into the left knee", "intra_articular"),
        ("knee injection of MSC", "intra_articular"),
        ("injected in the nucleus pulposus", "intradiscal"),
        ("subchondral injection of cells", "intraosseous"),
        ("intra muscular injection", "intramuscular"),
        ("sub-cutaneous injection", "subcutaneous"),
        ("sub-tenon injection of MSC", "ocular"),
        ("two nasal drops a day", "intranasal"),
        ("nebulized MSC", "airway"),
        ("injected around the fistula tract", "local_injection"),
        ("injection at the site of fracture", "local_injection"),
        ("topically applied", "topical"),
        ("MSC seeded on a collagen scaffold", "implant"),
        ("MSC circulate in an extracorporeal device", "extracorporeal"),
        ("two infusions of MSC", "infusion_unspecified"),
        ("a single injection of MSC", "not_stated"),
        ("transplantation of MSC", "not_stated"),
    ],
)
def test_words_of_the_cell_intervention_say_its_route(words: str, route: str):
    assert routes_in(words) == {route}


@pytest.mark.parametrize(
    ("words", "routes"),
    [
        ("60 million cells intrathecally and 20 million intravenously", "intrathecal,intravenous"),
        ("infused through the pancreatic artery or intravenously", "intra_arterial,intravenous"),
        ("one IC infusion followed by one IV infusion of MSC", "intracoronary,intravenous"),
        ("ia and iv of MSC", "intra_arterial,intravenous"),
        ("intramuscular and local injection of MSC", "intramuscular,local_injection"),
        (
            "intravenous, lumbar, and intranasal administration",
            "intranasal,intrathecal,intravenous",
        ),
    ],
)
def test_routes_joined_in_one_breath_are_all_read(words: str, routes: str):
    assert ",".join(sorted(routes_in(words))) == routes


@pytest.mark.parametrize(
    "words",
    [
        "MSC for patients with grade II-IV disease",
        "MSC for graft versus host disease of stage III or IV",
        "MSC in NYHA class IV",
        "MSC made under protocol SMUP-IA-01",
        "MSC of batch IA-7, one injection",
        "MSC are given to (iv) adults and (v) children",
        "MSC work well as IT suggests",
        "it-hMSC are ischemia tolerant cells",
        "MSC for intracerebral hemorrhage",
        "MSC for perianal fistula",
        "MSC for osteoarthritis of the knee",
        "MSC to change the brain structure",
        "MSC and knee function after injection",
    ],
)
def test_numerals_codes_and_anatomy_are_no_routes(words: str):
    assert routes_in(words) == {"not_stated"}


@pytest.mark.parametrize(
    "words",
    [
        "ATG at 3.5 mg/kg IV from day -6 to -2, and then patient's own MSC on day 1.",
        "Premedication with dexamethasone intravenously. MSC are given on day 1.",
        "MSC are given under intravenous sedation with propofol.",
        "Venous blood is drawn from a cubital vein before MSC are given.",
        "Cyclophosphamide 50 mg/kg for two days. It is given intravenously over one hour.",
        "MSC are not given intravenously.",
        "MSC are given on day 1, then csf analysis by intrathecal access.",
        "Lumbar puncture for a CSF sample; MSC are given the next day.",
        "Placebo is infused intravenously for one hour by a nurse, as the stem cells are at home.",
    ],
)
def test_routes_of_other_drugs_sedation_and_samples_are_not_the_cells(words: str):
    assert routes_in(words) == {"not_stated"}


@pytest.mark.parametrize(
    "words",
    [
        "Intravenous infusion of placebo or MSC",
        "Intravenous MSC today, MSC again in a month",
        "MSC are infused intravenously, with methylprednisolone kept at hand.",
        "They are infused intravenously over one hour in combination with standard cisplatin.",
    ],
)
def test_a_drug_that_only_goes_along_takes_no_route_away(words: str):
    assert routes_in(words) == {"intravenous"}


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("injection into the internal opening (50 %) and the fistula tract", "local_injection"),
        ("Application of the product on patients wound", "local_injection"),
        ("knee joint MSC injection", "intra_articular"),
        ("injection in the wall of the bladder", "local_injection"),
        ("injections around the root of the affected tooth", "local_injection"),
        ("injection of MSC at 2 places, both in the knee/hip", "intra_articular"),
    ],
)
def test_places_are_read_through_brackets_and_owners(words: str, route: str):
    assert routes_in(words) == {route}


CORD = "MSC will be injected into the spinal cord of participants."


@pytest.mark.parametrize(
    ("told", "prose", "routes"),
    [
        # the intervention outweighs the prose, which is read where the intervention says nothing
        ("Intrathecal MSC", CORD, {"intrathecal"}),
        ("MSC", CORD, {"intraspinal"}),
        ("MSC on a collagen scaffold", "MSC are placed in the bone defect.", {"implant"}),
        ("Infusion of MSC", "MSC cross the matrix of the tissue.", {"infusion_unspecified"}),
        # but plain routes outweigh a bare infusion, and contradictions are all shown
        ("Infusion of MSC", "Patients will receive MSC by intravenous infusion.", {"intravenous"}),
        (
            "Intravenous MSC",
            "In this study MSC will be given by intraventricular injection.",
            {"intravenous", "intracerebral"},
        ),
        # prose goes on about the cells of the sentence before
        ("", "Patients receive own MSC. The suspension is infused intravenously.", {"intravenous"}),
        # what belongs to whom
        ("Local injection of MSC. Intrathecal MSC.", "", {"intrathecal"}),
        ("Intrathecal MSC, csf analysis", "", {"intrathecal"}),
        ("Intravenous infusion of MSC or placebo", "", {"intravenous"}),
        ("Waiting for stem cells they undergo a sham (cannulation of a vein).", "", {"not_stated"}),
    ],
)
def test_what_outweighs_what(told: str, prose: str, routes: set[str]):
    assert routes_in(told, detail=prose) == routes


@pytest.mark.parametrize(
    ("words", "title", "route"),
    [
        ("Subjects will receive an IA injection of MSC.", "knee osteoarthritis", "intra_articular"),
        ("Subjects will receive an IA injection of MSC.", "heart failure", "intra_arterial"),
        ("Intracavitary injection of MSC", "stroke", "intracerebral"),
        ("Intracavitary injection of MSC", "lung abscess", "local_injection"),
    ],
)
def test_words_of_several_meanings_take_the_diseased_organ(words: str, title: str, route: str):
    assert routes_in(words, title=f"MSC in {title}") == {route}


def test_a_place_in_a_name_of_the_product_is_no_route():
    mixed = InterventionText("PROCEDURE", "Surgery", (), "autologous bone marrow injection")
    assert routes_of(record_of(mixed)) == {"not_stated"}


def test_an_infusion_tied_to_nothing_is_the_last_word():
    drug = InterventionText("OTHER", "HX-7", (), "two infusions")
    assert routes_of(record_of(CELLS, drug)) == {"infusion_unspecified"}


def test_conditions_are_no_place_to_find_a_route():
    record = record_of(CELLS, conditions=("Knee injection of stem cells",))
    assert routes_of(record) == {"not_stated"}


def test_an_arm_without_the_cells_gives_no_route():
    arms = (ArmText("Stem cells"), ArmText("Exercise", description="Intravenous glutathione"))
    cells = InterventionText("BIOLOGICAL", "Stem cell infusion")
    assert routes_of(record_of(cells, arms=arms)) == {"infusion_unspecified"}


def test_words_of_a_control_passage_are_refused():
    arms = (
        ArmText("Stem cells", "EXPERIMENTAL", intervention_names=("Biological: Stem cells",)),
        ArmText("Placebo, grade IV", "PLACEBO_COMPARATOR", "saline, intravenously"),
    )
    routes, steps = routes_and_steps(record_of(CELLS, arms=arms))
    assert routes == {"not_stated"}
    assert [(step.value, step.decision, step.why) for step in steps] == [
        ("intravenous", "refused", "of_control")
    ]


@pytest.mark.parametrize(
    "summary",
    [
        "In rats, MSC were infused intravenously.",
        "Previous studies have shown that MSC infused intravenously are safe.",
        "Hydrocortisone is injected intravenously.",
    ],
)
def test_prose_on_animals_other_studies_and_other_drugs_gives_no_route(summary: str):
    assert routes_in_summary(summary) == {"not_stated"}


def test_words_tied_to_nothing_count_where_the_record_says_no_more():
    code = InterventionText("BIOLOGICAL", "HX-7 inj.", (), "Intrathecal injection, 1 ml/10 kg")
    assert routes_of(record_of(CELLS, code)) == {"intrathecal"}


def test_another_drug_of_its_own_entry_never_counts():
    drug = InterventionText("DRUG", "Busulfan", (), "32 mg/m2 by vein, twice a day")
    first = InterventionText("BIOLOGICAL", "Stem cell infusion")
    assert routes_of(record_of(first, drug)) == {"infusion_unspecified"}


def test_every_route_has_a_short_verbatim_quote_and_a_rule_of_the_vocabulary():
    words = "MSC are given to participants " + "of the first group " * 20 + "intravenously."
    routes, steps = routes_and_steps(record_named("Stem cells", words))
    took = [step for step in steps if step.decision == "took"]
    assert {step.value for step in took} == routes
    for step in took:
        assert step.quote in words
        assert len(step.quote.split()) <= 20
        assert step.rule == "routes.toml route.intravenous.words"


def test_two_quotes_are_evidence_of_a_route():
    words = "Intravenous MSC. Intravenous cells. Intravenous stem cells. Intrathecal MSC."
    evidence = read(record_named("Stem cells", words)).evidence
    assert [one.value for one in evidence].count("intravenous") == 2


def test_every_value_of_the_vocabulary_is_a_route_or_none():
    import tomllib
    from importlib.resources import files

    folder = files("stemcheck.reading") / "vocabulary"
    routes = {route.value for route in Route} | {"none"}
    for name in ("routes.toml", "agents.toml"):
        tables = tomllib.loads((folder / name).read_text(encoding="utf-8"))
        for kind in ("route", "site", "letters", "form", "infusion", "organ"):
            assert set(tables.get(kind, {})) <= routes
