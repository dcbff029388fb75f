"""A release that its publisher signed: who can write to the storage can offer nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kg.cli.main import main
from kg.errors import ConfigError, NotInstalled, TransferFailed
from kg.snapshot.layout import Layout
from kg.travel._lists import POINTER, Pointer
from kg.travel.following import Follower
from kg.travel.publish import publish_release
from kg.travel.pull import pull_release
from kg.travel.storage import open_storage

PEM = serialization.Encoding.PEM


class Keys:
    """Both files of a key."""

    def __init__(self, folder: Path, name: str) -> None:
        self.private, self.public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
        key = Ed25519PrivateKey.generate()
        plain = serialization.NoEncryption()
        self.private.write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain))
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        self.public.write_bytes(key.public_key().public_bytes(PEM, form))


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path, "ours")


def pointer_of(folder: Path) -> Pointer:
    return msgspec.json.decode((folder / POINTER).read_bytes(), type=Pointer)


def test_only_what_the_publisher_signed_is_taken(
    keys: Keys, first: Path, second: Path, tmp_path: Path
) -> None:
    storage, home = open_storage(str(tmp_path / "s")), tmp_path / "home"
    publish_release(first, storage, signing=str(keys.private))
    assert pull_release(home, storage, trusted=str(keys.public)).switched
    served = Layout(home).current_folder()
    stranger = Keys(tmp_path, "stranger")
    for signing in ("", str(stranger.private)):  # whose release is whole and has its checksums
        publish_release(second, storage, signing=signing)
        with pytest.raises(TransferFailed, match=r"is not signed by the key .*ours\.pub\.pem"):
            pull_release(home, storage, trusted=str(keys.public))
        assert Layout(home).current_folder() == served
    assert not publish_release(
        second, storage, signing=str(keys.private)
    ).switched  # but signed now
    assert pull_release(home, storage, trusted=str(keys.public)).switched


@pytest.mark.parametrize("field", ["release", "bytes", "sha256", "published", "gyebo"])
def test_a_signature_holds_for_nothing_else(
    field: str, keys: Keys, first: Path, second: Path, tmp_path: Path
) -> None:
    storage = open_storage(str(tmp_path / "s"))
    publish_release(first, storage, signing=str(keys.private))
    signed = pointer_of(tmp_path / "s")
    publish_release(second, storage)
    other = getattr(pointer_of(tmp_path / "s"), field) if field != "gyebo" else "9.9.9"
    changed = msgspec.structs.replace(signed, **{field: other})
    (tmp_path / "s" / POINTER).write_bytes(msgspec.json.encode(changed))
    with pytest.raises(TransferFailed, match=r"not signed|no pointer"):
        pull_release(tmp_path / "home", storage, trusted=str(keys.public))


@pytest.mark.parametrize("signature", ["", "00", "not hexadecimal", "a" * 128])
def test_what_is_no_signature_is_refused(
    signature: str, keys: Keys, first: Path, tmp_path: Path
) -> None:
    storage = open_storage(str(tmp_path / "s"))
    publish_release(first, storage, signing=str(keys.private))
    changed = msgspec.structs.replace(pointer_of(tmp_path / "s"), signature=signature)
    (tmp_path / "s" / POINTER).write_bytes(msgspec.json.encode(changed))
    with pytest.raises(TransferFailed, match="not signed"):
        pull_release(tmp_path / "home", storage, trusted=str(keys.public))
    assert pull_release(tmp_path / "home", storage).switched  # by who asks for no signature


def test_what_is_signed_already_is_left_as_it_is(keys: Keys, first: Path, tmp_path: Path) -> None:
    storage = open_storage(str(tmp_path / "s"))
    publish_release(first, storage, signing=str(keys.private))
    before = (tmp_path / "s" / POINTER).read_bytes()
    for signing in (str(keys.private), ""):
        assert not publish_release(first, storage, signing=signing).switched
        assert (tmp_path / "s" / POINTER).read_bytes() == before


def test_a_follower_tells_once_that_a_release_is_a_strangers(
    keys: Keys, first: Path, second: Path, tmp_path: Path
) -> None:
    storage, told = open_storage(str(tmp_path / "s")), list[str]()
    follower = Follower(tmp_path / "home", storage, lambda m: told.append(str(m)), str(keys.public))
    publish_release(first, storage)
    assert not follower.look() and not follower.look()
    assert len(told) == 1 and "is not signed by the key" in told[0]
    publish_release(second, storage, signing=str(keys.private))
    assert follower.look()


def test_a_file_that_is_no_such_key_is_told_before_anything_is_sent(
    keys: Keys, first: Path, tmp_path: Path
) -> None:
    other, locked = tmp_path / "other.pem", tmp_path / "locked.pem"
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    other.write_bytes(generate_private_key(SECP256R1()).private_bytes(PEM, form, plain))
    secret = serialization.BestAvailableEncryption(b"secret")
    locked.write_bytes(Ed25519PrivateKey.generate().private_bytes(PEM, form, secret))
    storage = open_storage(str(tmp_path / "s"))
    for wrong in (other, locked, keys.public, first / "current" / "manifest.json"):
        with pytest.raises(ConfigError, match="no key of Ed25519"):
            publish_release(first, storage, signing=str(wrong))
    with pytest.raises(ConfigError, match="No such file"):
        publish_release(first, storage, signing=str(tmp_path / "nowhere.pem"))
    assert not (tmp_path / "s" / POINTER).exists()
    publish_release(first, storage, signing=str(keys.private))
    for wrong in (other, keys.private, first / "current" / "manifest.json"):
        with pytest.raises(ConfigError, match="no key of Ed25519"):
            pull_release(tmp_path / "home", storage, trusted=str(wrong))


def test_without_cryptography_the_extra_is_named(
    keys: Keys, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(NotInstalled, match=r"gyebo\[signed\]"):
        publish_release(first, open_storage(str(tmp_path / "s")), signing=str(keys.private))


def test_the_settings_of_the_commands(
    keys: Keys, first: Path, second: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, node = str(tmp_path / "s"), str(tmp_path / "node")
    monkeypatch.setenv("GYEBO_SIGNING_KEY", str(keys.private))
    assert not CliRunner().invoke(main, ["--home", str(first), "publish", url]).exit_code
    monkeypatch.delenv("GYEBO_SIGNING_KEY")
    monkeypatch.setenv("GYEBO_TRUSTED_KEY", str(keys.public))
    assert not CliRunner().invoke(main, ["--home", node, "pull", url]).exit_code
    assert not CliRunner().invoke(main, ["--home", str(second), "publish", url]).exit_code
    done = CliRunner().invoke(main, ["--home", node, "pull", url])
    assert done.exit_code == 1 and "is not signed by the key" in done.stderr
    assert done.stderr.count("\n") == 1
    monkeypatch.setenv("GYEBO_TRUSTED_KEY", str(tmp_path / "nowhere"))
    done = CliRunner().invoke(main, ["--home", node, "pull", url])
    assert done.exit_code == 2 and done.stderr.count("\n") == 1
