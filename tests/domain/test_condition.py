from __future__ import annotations

from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from itsm_as_code.domain.condition import (
    Condition,
    ConditionError,
    Fields,
    RecordSubject,
    Sort,
    compile_condition,
    condition_faults,
    fields_of_kind,
    parse_condition,
    parse_query,
)
from itsm_as_code.domain.condition.fields import (
    DAY,
    DURATION,
    FLAG,
    INSTANT,
    LEVEL,
    NUMBER,
    PART,
    PRIORITY,
    TEXT,
    WORD,
    choice,
)
from itsm_as_code.domain.condition.glob import compile_glob
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.instants import parse_duration
from itsm_as_code.domain.kinds.freeze import Freeze
from itsm_as_code.domain.kinds.incident import Incident
from tests.domain.tickets import incident

FIELDS: Fields = {
    "state": choice("new", "in_progress", "resolved"),
    "priority": PRIORITY.or_unset(),
    "impact": LEVEL,
    "tier": NUMBER,
    "service": WORD.or_unset(),
    "title": TEXT,
    "tags": WORD.listed(),
    "changes": WORD.listed().without_not(),
    "public": FLAG,
    "opened_at": INSTANT,
    "day": DAY,
    "outage": DURATION.or_unset(),
    "major": PART.or_unset(),
}
SUBJECT: dict[str, Any] = {
    "state": "new",
    "priority": "P2",
    "impact": "medium",
    "tier": 2,
    "service": "portal",
    "title": "VPN drops",
    "tags": ("db", "berlin"),
    "changes": ("title",),
    "public": False,
    "opened_at": datetime.fromisoformat("2026-11-21T08:30:00+01:00"),
    "day": date(2026, 11, 21),
    "outage": parse_duration("90m"),
    "major": None,
}


def holds(condition: dict[str, Any], **changed: Any) -> bool:
    matcher = compile_condition(parse_condition(condition), FIELDS, zone=ZoneInfo("Europe/Berlin"))
    subject = {**SUBJECT, **changed}
    answer = matcher.matches(subject)
    assert matcher.explain(subject).holds is answer
    return answer


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"state": "new"}, True),
        ({"state": ["resolved", "new"]}, True),
        ({"state": {"not": "new"}}, False),
        ({"state": {"not": ["resolved"]}}, True),
        ({"state": "new", "tier": 3}, False),
        ({"priority": {"lte": "P2"}}, True),
        ({"priority": {"lt": "P2"}}, False),
        ({"priority": {"gte": "P1", "lt": "P3"}}, True),
        ({"impact": {"gte": "medium"}}, True),
        ({"impact": {"gt": "medium"}}, False),
        ({"tier": {"gt": 1}}, True),
        ({"title": {"glob": "*vpn*"}}, True),
        ({"service": {"glob": "PORT*"}}, False),
        ({"service": {"glob": "p?rtal"}}, True),
        ({"tags": "db"}, True),
        ({"tags": {"not": "db"}}, False),
        ({"tags": {"glob": "ber*"}}, True),
        ({"tags": {"not": ["db", "paris"]}}, False),
        ({"tags": {"not": "paris"}}, True),
        ({"tags": {"only": ["db", "berlin", "paris"]}}, True),
        ({"tags": {"only": ["db", "paris"]}}, False),
        ({"tags": {"only": "db"}}, False),
        ({"tags": {"not": {"only": "db"}}}, True),
        ({"tags": {"only": ["db", "berlin"], "not": "paris"}}, True),
        ({"any": [{"tier": 9}, {"tags": {"only": ["berlin", "db"]}}]}, True),
        ({"tags": {"set": True}}, True),
        ({"public": False}, True),
        ({"major": {"set": False}}, True),
        ({"outage": {"lte": "2h"}}, True),
        ({"outage": "90m"}, True),
        ({"day": {"gte": "2026-11-21"}}, True),
        ({"opened_at": "2026-11-21"}, True),
        ({"opened_at": "2026-11-21T07:30:00Z"}, True),
        ({"opened_at": {"lt": "2026-11-21"}}, False),
        ({"opened_at": {"lte": "2026-11-21"}}, True),
        ({"opened_at": {"gt": "2026-11-21"}}, False),
        ({"any": [{"tier": 1}, {"state": "new", "public": False}]}, True),
        ({"any": [{"tier": 1}, {"state": "new", "public": True}]}, False),
        ({"tier": 2, "any": [{"any": [{"tier": 1}]}, {"title": {"not": {"glob": "vpn*"}}}]}, False),
    ],
)
def test_a_condition_holds_where_all_its_terms_do(condition: dict[str, Any], expected: bool) -> None:
    assert holds(condition) is expected


LISTS = st.lists(st.sampled_from("abc"), max_size=3).map(tuple)


@given(LISTS, st.lists(st.sampled_from("abc"), min_size=1, max_size=3))
def test_a_list_is_tested_by_its_elements(tags: tuple[str, ...], values: list[str]) -> None:
    """One of them must be meant; with `not`, none; with `only`, all, and there must be one."""
    assert holds({"tags": values}, tags=tags) is bool(set(tags) & set(values))
    assert holds({"tags": {"not": values}}, tags=tags) is set(tags).isdisjoint(values)
    assert holds({"tags": {"only": values}}, tags=tags) is (tags != () and set(tags) <= set(values))
    assert holds({"tags": {"not": {"only": values}}}, tags=tags) is (not holds({"tags": {"only": values}}, tags=tags))


def test_an_unset_field_equals_nothing_and_is_not_everything() -> None:
    assert not holds({"service": "portal"}, service=None)
    assert not holds({"service": {"glob": "*"}}, service=None)
    assert holds({"service": {"not": "portal"}}, service=None)
    assert holds({"tags": {"set": False}}, tags=())


@pytest.mark.parametrize(
    ("condition", "changed"),
    [
        ({"state": "new"}, {"state": None}),
        ({"priority": {"lte": "P2"}}, {"priority": None}),
        ({"priority": {"not": {"lte": "P2"}}}, {"priority": None}),
        ({"tier": 2, "any": [{"state": "resolved"}, {"impact": "low"}]}, {"impact": None}),
    ],
)
def test_a_missing_field_is_an_error_and_not_false(condition: dict[str, Any], changed: dict[str, Any]) -> None:
    with pytest.raises(ConditionError, match=f"not set: {next(iter(changed))}"):
        holds(condition, **changed)


@pytest.mark.parametrize(
    ("condition", "changed", "expected"),
    [
        ({"state": "resolved", "priority": {"lte": "P2"}}, {"priority": None}, False),
        ({"priority": {"lte": "P2"}, "state": "resolved"}, {"priority": None}, False),
        ({"any": [{"priority": {"lte": "P2"}}, {"state": "new"}]}, {"priority": None}, True),
        ({"tier": 9, "any": [{"state": "resolved"}, {"impact": "low"}]}, {"impact": None}, False),
    ],
)
def test_a_missing_field_is_no_error_where_the_other_terms_settle_it(
    condition: dict[str, Any], changed: dict[str, Any], expected: bool
) -> None:
    assert holds(condition, **changed) is expected


@given(
    st.lists(
        st.sampled_from([("priority", {"lte": "P2"}), ("priority", {"not": {"gt": "P3"}}), ("impact", "low"),
                         ("state", "new"), ("state", "resolved"), ("tier", {"lt": 3})]),
        max_size=4,
    ),
    st.lists(
        st.sampled_from([{"priority": {"lte": "P1"}}, {"state": "new"}, {"impact": "high", "tier": 2}]), max_size=3
    ),
)  # fmt: skip
def test_an_answer_without_a_field_is_the_answer_whatever_the_field_is(
    terms: list[tuple[str, Any]], branches: list[dict[str, Any]]
) -> None:
    condition = dict(terms) | ({"any": branches} if branches else {})
    try:
        told = holds(condition, priority=None, impact=None)
    except ConditionError:
        return
    for priority in ("P1", "P2", "P3", "P5"):
        for impact in ("low", "high"):
            assert holds(condition, priority=priority, impact=impact) is told


def test_a_comparison_beside_set_true_is_false_where_nothing_is_set() -> None:
    assert not holds({"priority": {"set": True, "lte": "P2"}}, priority=None)
    assert holds({"priority": {"set": True, "lte": "P2"}})


def test_an_absent_field_is_an_error_even_where_it_may_be_unset() -> None:
    matcher = compile_condition(parse_condition({"service": "portal"}), FIELDS)
    with pytest.raises(ConditionError, match="not set: service"):
        matcher.matches({})


def test_a_value_that_its_choices_have_not_can_not_be_compared() -> None:
    with pytest.raises(ConditionError, match="can't compare P9"):
        holds({"priority": {"lte": "P2"}}, priority="P9")


@pytest.mark.parametrize(
    ("condition", "at", "message", "hint"),
    [
        ({"servce": "x"}, ("servce",), "no field servce", "Did you mean service?"),
        ({"zzz": "x"}, ("zzz",), "no field zzz", "There are changes, day, impact"),
        ({"state": "open"}, ("state",), "must be one of new, in_progress, resolved", None),
        ({"state": {"lt": "new"}}, ("state",), "has no order", None),
        ({"tier": "2"}, ("tier",), "must be a whole number", None),
        ({"tier": True}, ("tier",), "must be a whole number", None),
        ({"service": 5}, ("service",), r"must be text \(quote it\)", None),
        ({"public": "true"}, ("public",), "must be true or false", None),
        ({"tier": {"glob": "2*"}}, ("tier",), "is not text", None),
        ({"opened_at": "yesterday"}, ("opened_at",), "must be an instant such as", None),
        ({"outage": "3bd"}, ("outage",), "can't compare business days", None),
        ({"major": "x"}, ("major",), "is a map", "set: true"),
        ({"any": [{"tier": 1}, {"prority": "P1"}]}, ("any", 1, "prority"), "no field", "Did you mean priority?"),
        ({"state": {"not": {"not": "open"}}}, ("state",), "must be one of", None),
        ({"state": {"only": "new"}}, ("state",), "has one value", "Write the values alone"),
        ({"tags": {"only": [1]}}, ("tags",), r"must be text \(quote it\)", None),
        ({"changes": {"not": "title"}}, ("changes",), "`not` can't be said of changes", "only"),
        ({"changes": {"not": {"not": "title"}}}, ("changes",), "`not` can't be said", None),
        ({"changes": {"not": {"only": "title"}}}, ("changes",), "`not` can't be said", None),
        ({"changes": {"set": True, "not": {"glob": "t*"}}}, ("changes",), "`not` can't be said", None),
        ({"any": [{"tier": 1}, {"changes": {"not": "x"}}]}, ("any", 1, "changes"), "`not` can't be said", None),
    ],
)
def test_a_fault_says_where_it_is_and_what_is_allowed(
    condition: dict[str, Any], at: tuple[str | int, ...], message: str, hint: str | None
) -> None:
    (fault,) = condition_faults(parse_condition(condition), FIELDS)
    assert fault.at == at
    with pytest.raises(ConditionError, match=message) as caught:
        compile_condition(parse_condition(condition), FIELDS)
    assert hint is None or hint in str(caught.value.hint)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("new", "a map of fields to values"),
        ({"state": None}, "state: a value must be text"),
        ({"state": 1.5}, "state: a value must be text"),
        ({"state": []}, "1 to 200 values"),
        ({"tags": {"only": []}}, "1 to 200 values"),
        ({"tags": {"only": {"set": True}}}, "a value must be text"),
        ({"tags": {"only": [["db"]]}}, "tags.only.0: a value"),
        ({"state": {}}, "name an operator"),
        ({"state": {"is": "new"}}, "state.is: there is no such operator"),
        ({"state": {"glob": 5}}, "a glob must be text"),
        ({"state": {"glob": "x" * 201}}, "at most 200"),
        ({"state": {"set": "yes"}}, "must be true or false"),
        ({"state": [["new"]]}, "state.0: a value"),
        ({"any": []}, "at least one"),
        ({"any": {"state": "new"}}, "must be a list"),
        ({"any": [{}]}, "would match everything"),
        ({"any": [{"any": [{"state": {"gt": [1]}}]}]}, "any.0.any.0.state.gt: a value"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(data: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_condition(data)


def test_a_condition_of_great_depth_is_refused() -> None:
    data: dict[str, Any] = {"state": "new"}
    for _ in range(60):
        data = {"any": [data]}
    with pytest.raises(ValueError, match="too many levels"):
        parse_condition(data)


def test_an_explanation_names_the_terms_that_held_and_what_was_there() -> None:
    condition = parse_condition({"state": {"not": ["resolved"]}, "any": [{"tier": {"lt": 2}}, {"public": True}]})
    explained = compile_condition(condition, FIELDS).explain(SUBJECT)
    assert not explained.holds
    assert [(term.words, term.holds, term.actual) for term in explained.terms] == [
        ("state != resolved", True, "new"),
        ("any of (tier < 2) or (public = true)", False, None),
    ]
    assert [branch.terms[0].actual for branch in explained.terms[1].branches] == [2, False]


class Holder(BaseModel):
    condition: Condition


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"state": "new", "tier": [1, 2]},
        {"tags": {"only": ["a"]}, "any": [{"tags": {"only": ["a", "b"], "not": "c"}}]},
        {"priority": {"gte": "P1", "lt": "P3"}, "any": [{"tags": {"not": {"glob": "x*"}}}, {"major": {"set": True}}]},
    ],
)
def test_a_condition_is_written_as_it_is_read(data: dict[str, Any]) -> None:
    assert Holder.model_validate({"condition": data}).model_dump() == {"condition": data}


def test_a_faulty_condition_is_a_fault_of_its_field() -> None:
    with pytest.raises(ValidationError, match=r"state\.is: there is no such operator"):
        Holder.model_validate({"condition": {"state": {"is": 1}}})


# Globs --------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.text("ab*?", max_size=8), st.text("ab", max_size=10))
def test_a_glob_matches_what_the_standard_library_matches(pattern: str, text: str) -> None:
    assert compile_glob(pattern)(text) is fnmatchcase(text, pattern)


def test_a_glob_of_many_stars_is_fast_on_text_that_it_does_not_match() -> None:
    assert not compile_glob("*a" * 90 + "b")("a" * 20_000)


# Queries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "always"),
        (["state=new,in_progress"], "state = new, in_progress"),
        (["priority<=P2", "service!=portal"], "priority <= P2 and service != portal"),
        (["title~*vpn*"], "title ~ *vpn*"),
        (["title~vpn"], "title ~ *vpn*"),
        (["title!~vpn"], "title !~ *vpn*"),
        (["vpn drops"], "title ~ *vpn drops*"),
        (["tags=db", "tags=berlin"], "tags = db and tags = berlin"),
        (["tier>=2", "public=false"], "tier >= 2 and public = false"),
        (["service="], "service is not set"),
        (["service!="], "service is set"),
        (["opened_at>=2026-11-01"], "opened_at >= 2026-11-01"),
    ],
)
def test_words_of_a_query_are_terms_of_a_condition(words: list[str], expected: str) -> None:
    condition = parse_query(words, FIELDS)
    assert str(condition) == expected
    compile_condition(condition, FIELDS).matches(SUBJECT)


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("prio=P1", "no field prio", "Did you mean priority?"),
        ("state=open", "open is not a value of state", None),
        ("tier=two", "two is not a value of tier: it must be a whole number", None),
        ("title~" + "x" * 300, "at most 200", None),
    ],
)
def test_a_word_that_makes_no_sense_is_wrong_usage(word: str, message: str, hint: str | None) -> None:
    with pytest.raises(UsageFault, match=message) as caught:
        parse_query([word], FIELDS)
    assert caught.value.hint == hint


def test_a_word_without_a_sign_needs_a_title() -> None:
    with pytest.raises(UsageFault, match="is not of the form field=value"):
        parse_query(["vpn"], {"state": WORD})


# Kinds --------------------------------------------------------------------------------------------


def test_the_fields_of_a_kind_follow_from_its_model() -> None:
    fields = fields_of_kind(Incident)
    assert {name: fields[name].sort for name in ("service", "title", "detected_at", "major", "tags")} == {
        "service": Sort.WORD,
        "title": Sort.TEXT,
        "detected_at": Sort.INSTANT,
        "major": Sort.PART,
        "tags": Sort.WORD,
    }
    assert fields["priority"].choices == ("P1", "P2", "P3", "P4", "P5")
    assert fields["impact"].choices == ("low", "medium", "high")
    assert not fields["channel"].compares
    assert fields["affects"].many
    assert fields["assignee"].optional
    assert "timeline" not in fields


def test_fields_are_named_as_records_write_them() -> None:
    assert {"from", "until"} <= set(fields_of_kind(Freeze))


def test_a_record_is_a_subject_with_its_current_values() -> None:
    ticket = incident((0, {"state": "new", "priority": "P3"}), (1, {"priority": "P1"}), service="portal")
    subject = RecordSubject(ticket, {"service_tier": 1})
    fields = {**fields_of_kind(Incident), "service_tier": NUMBER}
    query = parse_query(["priority=P1", "service=portal", "service_tier<2", "assignee=", "requester!=ana"], fields)
    assert compile_condition(query, fields).matches(subject)
    assert set(subject) == set(fields)
    assert len(subject) == len(fields)
    with pytest.raises(KeyError):
        subject["timeline"]


def test_an_aliased_field_is_read_by_its_written_name() -> None:
    freeze = Freeze.model_validate(
        {
            "id": "f", "kind": "freeze", "schema": 1, "title": "F", "scope": {}, "reason": "R",
            "from": "2026-12-18T18:00:00Z", "until": "2026-12-19T18:00:00Z",
        }
    )  # fmt: skip
    condition = parse_query(["from>=2026-12-18", "until<2027-01-01"], fields_of_kind(Freeze))
    assert compile_condition(condition, fields_of_kind(Freeze)).matches(RecordSubject(freeze))


def test_somebody_outside_the_registry_is_compared_by_name() -> None:
    ticket = incident((0, {"state": "new"}), requester={"name": "Jo Doe"})
    condition = parse_query(["requester=Jo Doe"], fields_of_kind(Incident))
    assert compile_condition(condition, fields_of_kind(Incident)).matches(RecordSubject(ticket))
