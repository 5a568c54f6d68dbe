"""The key ring: made once, readable by its owner alone, rotated without losing what was written."""

import json
import multiprocessing
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BrokenSetup
from integrations.key_ring import KEY_BYTES, KeyRing, Purpose

SECRET = "a secret of the settings, long enough to be one"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the place of a ring in a home that does not exist yet."""
    return tmp_path / "home" / "keys" / "ring.json"


def test_a_new_ring_has_one_distinct_key_per_purpose(path: Path) -> None:
    ring = KeyRing.create(path)
    keys = [ring.current(purpose) for purpose in Purpose]
    assert len({key.secret for key in keys}) == len({key.id for key in keys}) == len(Purpose)
    assert all(len(key.secret) == KEY_BYTES for key in keys)


def test_only_the_owner_can_read_it(path: Path) -> None:
    KeyRing.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["ring.json"]


def test_a_ring_read_again_has_the_same_keys(path: Path) -> None:
    made, read = KeyRing.create(path), KeyRing.load(path)
    assert all(read.all(purpose) == made.all(purpose) for purpose in Purpose)


def test_a_ring_is_never_overwritten(path: Path) -> None:
    before = KeyRing.create(path).current(Purpose.VAULT)
    with pytest.raises(BrokenSetup, match="already"):
        KeyRing.create(path)
    assert KeyRing.load(path).current(Purpose.VAULT) == before


def test_what_a_power_cut_left_behind_does_not_stop_a_new_ring(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.with_name("ring.json.new").write_text("half a ri")
    made = KeyRing.create(path)
    assert KeyRing.load(path).current(Purpose.LINK) == made.current(Purpose.LINK)


def test_keys_do_not_show_in_what_is_printed(path: Path) -> None:
    key = KeyRing.create(path).current(Purpose.SESSION)
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_rotation_adds_a_current_key_and_keeps_the_old_one(path: Path) -> None:
    ring = KeyRing.create(path)
    old = ring.current(Purpose.PAYLOAD)
    new = ring.rotate(Purpose.PAYLOAD)
    for each in (ring, KeyRing.load(path)):
        assert each.all(Purpose.PAYLOAD) == (old, new)
        assert each.current(Purpose.PAYLOAD) == new
        assert each.find(Purpose.PAYLOAD, old.id) == old
        assert len(each.all(Purpose.VAULT)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_running_process_learns_of_a_rotation_by_another(path: Path) -> None:
    KeyRing.create(path)
    running, other = KeyRing.load(path), KeyRing.load(path)
    new = other.rotate(Purpose.PAYLOAD)
    assert running.find(Purpose.PAYLOAD, new.id) == new
    assert running.current(Purpose.PAYLOAD) == new


def test_a_file_broken_behind_a_running_process_takes_no_key_away(path: Path) -> None:
    running = KeyRing.create(path)
    key = running.current(Purpose.PAYLOAD)
    path.write_text("{")
    assert running.find(Purpose.PAYLOAD, "0" * 16) is None
    assert running.find(Purpose.PAYLOAD, key.id) == key


def _rotate_often(path: Path) -> None:
    for _ in range(5):
        KeyRing.load(path).rotate(Purpose.PAYLOAD)


def test_rotations_at_the_same_time_lose_no_key(path: Path) -> None:
    KeyRing.create(path)
    processes = multiprocessing.get_context("spawn")
    at_once = [processes.Process(target=_rotate_often, args=(path,)) for _ in range(3)]
    for process in at_once:
        process.start()
    for process in at_once:
        process.join()
    assert len(KeyRing.load(path).all(Purpose.PAYLOAD)) == 1 + 3 * 5


def test_an_unknown_key_is_none(path: Path) -> None:
    ring = KeyRing.create(path)
    assert ring.find(Purpose.PAYLOAD, "0" * 16) is None
    assert ring.find(Purpose.PAYLOAD, ring.current(Purpose.VAULT).id) is None


def _change(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    ring = json.loads(path.read_text())
    change(ring)
    path.write_text(json.dumps(ring))


@pytest.mark.parametrize(
    ("harm", "says", "advises"),
    [
        pytest.param(lambda path: path.unlink(), "no key ring", "backup", id="missing"),
        pytest.param(lambda path: path.chmod(0o640), "mode 0640", "chmod 600", id="open to group"),
        pytest.param(lambda path: path.chmod(0o604), "mode 0604", "chmod 600", id="open to all"),
        pytest.param(
            lambda path: (path.unlink(), path.mkdir(mode=0o700)),
            "cannot be read",
            "",
            id="a folder",
        ),
        pytest.param(lambda path: path.write_bytes(b"\xff"), "cannot be read", "", id="not text"),
        pytest.param(lambda path: path.write_text(""), "damaged", "backup", id="empty"),
        pytest.param(
            lambda path: path.write_text(path.read_text()[:99]), "damaged", "backup", id="cut off"
        ),
        pytest.param(lambda path: path.write_text("[]"), "damaged", "backup", id="other JSON"),
        pytest.param(
            lambda path: _change(path, lambda ring: ring.update(v=2)),
            "format",
            "",
            id="a later form",
        ),
        pytest.param(
            lambda path: _change(path, lambda ring: ring["keys"].pop("head")),
            "no key for 'head'",
            "backup",
            id="a purpose missing",
        ),
        pytest.param(
            lambda path: _change(path, lambda ring: ring["keys"].update(vault=[])),
            "no key for 'vault'",
            "backup",
            id="a purpose empty",
        ),
        pytest.param(
            lambda path: _change(path, lambda ring: ring["keys"]["vault"][0].update(secret="c2hv")),
            "24 bits instead of 256",
            "backup",
            id="a short key",
        ),
        pytest.param(
            lambda path: _change(path, lambda ring: ring["keys"]["vault"][0].update(id="0" * 16)),
            "not the one it was",
            "backup",
            id="an exchanged key",
        ),
        pytest.param(
            lambda path: _change(path, lambda ring: ring["keys"]["vault"][0].update(secret="?")),
            "damaged",
            "backup",
            id="not base64",
        ),
    ],
)
def test_a_harmed_ring_says_what_is_wrong_and_what_to_do(
    path: Path, harm: Callable[[Path], object], says: str, advises: str
) -> None:
    KeyRing.create(path)
    harm(path)
    with pytest.raises(BrokenSetup, match=says) as refusal:
        KeyRing.load(path)
    assert str(path) in refusal.value.sentence
    assert advises in refusal.value.hint
    assert refusal.value.hint


def test_a_missing_ring_is_told_apart_so_that_the_caller_can_decide(path: Path) -> None:
    with pytest.raises(BrokenSetup) as refusal:
        KeyRing.load(path)
    assert refusal.value.code == "key_ring_missing"


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(BrokenSetup, match="cannot be written"):
        KeyRing.create(tmp_path / "keys" / "ring.json")


def test_a_secret_always_derives_the_same_distinct_keys() -> None:
    ring, again = KeyRing.from_secret(SECRET), KeyRing.from_secret(SECRET)
    assert [ring.current(each) for each in Purpose] == [again.current(each) for each in Purpose]
    assert len({ring.current(each).secret for each in Purpose}) == len(Purpose)
    assert KeyRing.from_secret(SECRET + "!").current(Purpose.HEAD) != ring.current(Purpose.HEAD)


def test_older_secrets_stay_readable() -> None:
    before = KeyRing.from_secret(SECRET)
    after = KeyRing.from_secret("another secret, also long enough to be one", SECRET)
    old = before.current(Purpose.VAULT)
    assert after.find(Purpose.VAULT, old.id) == old
    assert after.current(Purpose.VAULT) != old


def test_a_short_secret_is_refused_with_a_way_to_make_one() -> None:
    with pytest.raises(BrokenSetup, match="6 characters") as refusal:
        KeyRing.from_secret("secret")
    assert "token_urlsafe" in refusal.value.hint


def test_a_derived_ring_cannot_be_rotated_key_by_key() -> None:
    with pytest.raises(BrokenSetup, match="ANDON_SECRET_KEY"):
        KeyRing.from_secret(SECRET).rotate(Purpose.PAYLOAD)
