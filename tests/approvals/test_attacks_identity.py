"""Groups identity and signature: an act is believed for the key that signed it, and for nothing else."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from pathlib import Path

from itsm_as_code.domain.instants import write_instant
from tests.approvals.conftest import make_key
from tests.approvals.records import NOW, Record, at, change, path, person
from tests.approvals.world import Push, World, signed_again


def _refused(world: World, who: str = "ana") -> Push:
    push = world.step(who)
    assert not push.landed, push.said
    return push


def _proposed(world: World) -> Record:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    return record


def _as(world: World, **fields: object) -> None:
    """A person's record on base becomes another, past the hook."""
    world.put(world.edited(path(person("ben", "")), **fields))
    world.force()


def test_A016_a_commit_in_somebodys_name_is_no_act(world: World) -> None:
    record = _proposed(world)
    world.file_act(world.unsigned("ben", "approved", record))
    push = _refused(world, "ben")
    assert "APR004" in push.said and "unsigned" in push.said


def test_A017_an_act_in_somebodys_name_signed_with_ones_own_key_is_none(world: World) -> None:
    record = _proposed(world)
    world.act("ben", "approved", record, key=world.key("eve"))
    assert "not ben's on base" in _refused(world).said


def test_A019_a_mailmap_hides_no_author(world: World) -> None:
    record = _proposed(world)
    world.act("ben", "approved", record)
    world.write({".mailmap": "Ana <ana@example.org> Dora <dora@example.org>\n"})
    push = _refused(world, "dora")
    assert "dora wrote on it" in push.said


def test_A020_a_bot_can_not_propose_so_that_its_master_approves(world: World) -> None:
    record = change(authors=["robo"])
    world.put(record)
    world.approved(record, "ana", proposer="robo")
    push = _refused(world, "robo")
    assert "robo may not decide: base says" in push.said


def test_A020_the_proposer_fills_no_seat_though_not_among_the_authors(world: World) -> None:
    record = change(authors=["eve"])
    world.put(record)
    world.approved(record, "ben", proposer="ben")
    push = _refused(world, "eve")
    assert "changes/owner by one of ana, dora" in push.said


def test_A021_the_author_counts_though_somebody_else_committed(world: World) -> None:
    record = _proposed(world)
    world.act("ben", "approved", record)
    world.commit("cleo", GIT_AUTHOR_NAME="Ben", GIT_AUTHOR_EMAIL="ben@example.org")
    push = world.push("cleo")
    assert not push.landed and "ben wrote on it" in push.said


def test_A023_an_author_behind_the_second_parent_is_found(world: World) -> None:
    world.git("switch", "--quiet", "-c", "colleague")
    world.put(change(title="Words of a colleague"))
    world.commit("ben")
    world.git("switch", "--quiet", "-c", "proposal", "main")
    world.put(change())
    world.commit("ana")
    world.git("merge", "--quiet", "--no-edit", "-s", "ours", "colleague")
    world.approved(change(), "ben")
    world.commit("ana")
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = world.push()
    assert not push.landed and "ben wrote on it" in push.said


LOOK_ALIKES = ("Ben", "ben ", "BEN", "ben\u00a0", "ben\u200b", "\u0431en", "\uff42en", "bE\u0307n")


def test_A024_A025_A026_A027_names_that_only_look_like_somebody_are_nobody(world: World) -> None:
    record = _proposed(world)
    world.act("dora", "approved", record)
    made = [
        world.file_act(signed_again(world, world.unsigned("ben", "approved", record) | {"by": name}, "ben"))
        for name in LOOK_ALIKES
    ]
    push = _refused(world)
    for act in made:
        assert re.search(rf"{act}\S*: error\[(SCH|YAML|REF)", push.said), (act, push.said)


def test_A029_the_approval_of_somebody_who_has_left_fills_no_seat(world: World) -> None:
    record = change()
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record)
    world.land("ben")
    _as(world, state="retired")
    world.put(record)
    push = _refused(world)
    assert "changes/owner by dora" in push.said


def test_A029_the_refusal_of_somebody_who_has_left_still_blocks(world: World) -> None:
    record = change()
    world.act("ben", "refused", record)
    world.land("ben")
    _as(world, state="retired")
    world.put(record)
    world.approved(record, "dora")
    assert "APR002" in _refused(world).said


def test_A031_a_bot_fills_no_seat(world: World) -> None:
    record = _proposed(world)
    world.act("robo", "approved", record)
    assert "robo may not decide: base says" in _refused(world).said


def test_A033_nobody_decides_for_somebody_who_did_not_delegate(world: World) -> None:
    record = _proposed(world)
    world.act("eve", "approved", record, on_behalf_of="ben")
    assert "ben has not delegated to eve at base" in _refused(world).said


def test_A033_a_delegate_decides_for_a_time_and_does_not_pass_it_on(world: World) -> None:
    term = {"from": at(days=1), "until": write_instant(NOW + timedelta(days=1))}
    world.put(world.edited(path(person("cleo", "")), delegate=term | {"to": "eve"}))
    _as(world, delegate=term | {"to": "cleo"})
    record = _proposed(world)
    world.act("eve", "approved", record, on_behalf_of="ben")
    assert "ben has not delegated to eve" in _refused(world).said
    world.git("reset", "--quiet", "--hard", world.tip())
    record = _proposed(world)
    world.act("cleo", "approved", record, on_behalf_of="ben")
    world.land()


def test_A034_an_act_without_a_signature_does_not_land(world: World) -> None:
    record = _proposed(world)
    world.file_act(world.unsigned("ben", "approved", record))
    assert "unsigned" in _refused(world).said


def test_A035_a_good_signature_of_an_unknown_key_is_none(world: World, tmp_path: Path) -> None:
    make_key(tmp_path / "unknown")
    record = _proposed(world)
    world.act("ben", "approved", record, key=tmp_path / "unknown")
    assert "not ben's on base" in _refused(world).said


def test_A036_a_key_that_ended_signs_nothing_however_it_is_backdated(world: World) -> None:
    _as(world, keys=[{"key": world.public("ben"), "valid_until": at(days=10)}])
    record = _proposed(world)
    world.act("ben", "approved", record, at=at(days=20))
    date = at(days=20)
    world.commit("ana", GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
    push = world.push()
    assert not push.landed and "more than a day ago" in push.said
    world.git("commit", "--quiet", "--amend", "--no-edit", who="ana")
    push = world.push()
    assert not push.landed and "the key was valid until" in push.said


def test_A037_a_revoked_key_voids_also_what_landed_before(world: World) -> None:
    record = change()
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record)
    world.land("ben")
    _as(world, keys=[{"key": world.public("ben"), "revoked": {"since": at(minutes=1), "reason": "A stolen laptop"}}])
    world.put(record)
    assert "changes/owner by one of ben, dora" in _refused(world).said


def test_A039_a_signed_commit_does_not_sign_the_act_in_it(world: World) -> None:
    record = _proposed(world)
    world.file_act(world.unsigned("ben", "approved", record))
    world.git("add", "--all")
    key = str(world.key("ben"))
    world.git("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}", "commit", "-q", "-S", "-m", "signed", who="ben")
    push = world.push("ben")
    assert not push.landed and "unsigned" in push.said


def test_A040_an_act_copied_to_another_change_proves_nothing(world: World) -> None:
    first, second = change(number="4M2XT"), change(number="5N3YV")
    world.put(second)
    world.act("ana", "proposed", second)
    copied = world.unsigned("ben", "approved", first)
    signed = signed_again(world, copied, "ben")
    world.file_act(signed | {"subject": second["id"]})
    assert "the signature does not verify" in _refused(world).said


def test_A040_an_act_in_the_folder_of_another_subject_does_not_land(world: World) -> None:
    act = signed_again(world, world.unsigned("ben", "approved", change()), "ben")
    where = world.file_act(act | {"subject": change(number="5N3YV")["id"]})
    file = world.ws / where
    file.write_text(file.read_text().replace("5N3YV", "4M2XT"))
    push = _refused(world, "ben")
    assert "ID001" in push.said


def test_A040_an_act_of_another_workspace_does_not_land(world: World) -> None:
    world.act("ben", "approved", change(), workspace="an0therw0rkspace")
    assert "another workspace" in _refused(world, "ben").said


def test_A045_settings_of_the_server_and_the_repository_do_not_verify(world: World) -> None:
    record = _proposed(world)
    world.act("ben", "approved", record, key=world.key("eve"))
    signers = world.folder / "signers"
    signers.write_text(f"* {world.public('eve')}\n")
    for name, value in {"gpg.format": "ssh", "gpg.ssh.program": "/bin/true", "gpg.program": "/bin/true"}.items():
        world.git("config", name, value, folder=world.server)
    world.git("config", "gpg.ssh.allowedSignersFile", str(signers), folder=world.server)
    assert "not ben's on base" in _refused(world).said


def test_A046_a_weak_key_signs_nothing(world: World, tmp_path: Path) -> None:
    public = make_key(tmp_path / "weak", "-t", "rsa", "-b", "2048")
    _as(world, keys=[{"key": public}])
    record = _proposed(world)
    world.act("ben", "approved", record, key=tmp_path / "weak")
    assert "not ben's on base" in _refused(world).said


def test_A046_a_signature_for_another_purpose_is_none(world: World) -> None:
    record = _proposed(world)
    act = world.unsigned("ben", "approved", record)
    done = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(world.key("ben"))],
        input=b"anything", capture_output=True, check=True,
    )  # fmt: skip
    world.file_act(act | {"signature": done.stdout.decode()})
    assert "signed for another purpose" in _refused(world).said
