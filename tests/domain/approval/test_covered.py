"""What a digest covers, byte by byte: a change here makes every approval of files or of a review stale."""

from __future__ import annotations

import hashlib

from itsm_as_code.domain.digest import digest


def test_attached_files_are_covered_under_a_name_that_stays() -> None:
    data = {"id": "a", "kind": "article", "schema": 1, "title": "T"}
    covered = (
        b'{"attachments":{"attachments/a/x.png":"sha256:1"},"kind":"article",'
        b'"material":{"id":"a","kind":"article","schema":1,"title":"T"},"schema":1}'
    )
    found = digest("article", data, {"attachments/a/x.png": "sha256:1"})
    assert found == "itsm1:" + hashlib.sha256(covered).hexdigest()


def test_a_review_is_covered_under_a_name_that_stays() -> None:
    data = {"id": "CHG-20261121-7K3Q9", "kind": "change", "schema": 1, "title": "T"}
    covered = (
        b'{"kind":"change","material":{"id":"CHG-20261121-7K3Q9","kind":"change","schema":1,"title":"T"},'
        b'"review":{"outcome":{"code":"successful"}},"schema":1}'
    )
    found = digest("change", data, review={"outcome": {"code": "successful"}})
    assert found == "itsm1:" + hashlib.sha256(covered).hexdigest()
