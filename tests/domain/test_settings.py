"""Settings: what can and can't be accepted."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from itsm_as_code.domain.settings import Suppression


@pytest.mark.parametrize("code", ["YAML009", "LIF020", "LIF021", "LIF031", "APR001", "POL001"])
def test_what_all_other_checks_rest_on_can_not_be_accepted(code: str) -> None:
    with pytest.raises(ValidationError, match="can't be accepted"):
        Suppression.model_validate({"code": code, "reason": "x", "until": "2026-12-31"})


@pytest.mark.parametrize("code", ["KNW002", "LIF001", "REF002"])
def test_other_findings_can_be_accepted_for_a_time(code: str) -> None:
    assert Suppression.model_validate({"code": code, "reason": "x", "until": "2026-12-31"}).code == code
