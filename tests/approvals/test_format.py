"""docs/approval-format.md: its test vector, computed by the code and once more from the page's own words alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from itsm_as_code.domain.approval.act import statement
from itsm_as_code.domain.digest import digest, field_hashes
from itsm_as_code.evidence import ssh_keygen
from itsm_as_code.evidence.sshsig import fingerprint, key_blob, parse
from itsm_as_code.store.reader import read_text

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "approval-format.md").read_text(encoding="utf-8")
NOT_MATERIAL = {"timeline", "authors", "tags", "aliases", "links", "articles", "commits", "pull_requests"}


def _block(info: str) -> str:
    found = re.search(rf"^```{info}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, info
    return found[1]


def _data(info: str) -> dict[str, Any]:
    data = read_text(_block(info)).data
    assert data is not None
    return data


def _plain(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_the_code_computes_the_vector() -> None:
    record, act = _data("yaml"), _data("text act")
    assert digest("change", record) == _block("text digest").strip() == act["digest"]
    assert field_hashes("change", record) == act["fields"]
    assert statement(act).decode() == _block("json statement").removesuffix("\n")
    assert fingerprint(key_blob(_block("text key").strip())) == parse(act["signature"]).fingerprint
    assert ssh_keygen.verify(statement(act), act["signature"], _block("text key").strip()) is None


def test_the_words_of_the_page_alone_compute_it_too(tmp_path: Path) -> None:
    record, act = _data("yaml"), _data("text act")
    material = {key: value for key, value in record.items() if key not in NOT_MATERIAL}
    canonical = _plain({"kind": record["kind"], "schema": record["schema"], "material": material})
    assert canonical.decode() == _block("json canonical").removesuffix("\n")
    assert "itsm1:" + hashlib.sha256(canonical).hexdigest() == act["digest"]
    words = _plain({key: value for key, value in act.items() if key != "signature"})
    (tmp_path / "signature").write_text(act["signature"])
    (tmp_path / "signers").write_text(f'signer namespaces="itsm-approval" {_block("text key")}')
    files = ["-f", str(tmp_path / "signers"), "-s", str(tmp_path / "signature")]
    command = ["ssh-keygen", "-Y", "verify", "-n", "itsm-approval", "-I", "signer", *files]
    for said, code in ((words, 0), (words.replace(b"approved", b"refused_"), 255)):
        done = subprocess.run(command, input=said, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
    armour = "".join(act["signature"].strip().split("\n")[1:-1])
    assert base64.b64decode(armour).startswith(b"SSHSIG")
