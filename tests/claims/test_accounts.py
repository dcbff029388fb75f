"""Accounts on the Hub by what they do."""

from pathlib import Path

import pytest

from kg.claims.accounts import MIRRORS, QUANTIZES, read_accounts
from kg.claims.judgements import HEAD
from kg.errors import DataError
from kg.ingest.curated.curated import read_curated
from kg.ingest.curated.licenses import named_here, read_terms
from kg.model.claim import kind_of
from kg.model.vocabulary import HUB_ID, load_vocabulary
from kg.paths import DATA

SAME = "same: true, author: me, date: 2026-11-29, reason: its account}"


def write(folder: Path, text: str, judgements: str = "") -> Path:
    (folder / "ingest").mkdir()
    (folder / "ingest" / "accounts.yaml").write_text(text, encoding="utf-8")
    (folder / "judgements.yaml").write_text(HEAD + judgements, encoding="utf-8")
    return folder


def test_accounts_are_found_whatever_their_case(tmp_path: Path) -> None:
    text = "makers: [Qwen, nvidia]\nreuploaders: {unsloth: [quantizes, mirrors], NVIDIA: [quantizes]}\n"
    accounts = read_accounts(write(tmp_path, text + "renamed: {THUDM: zai-org}\n"))
    assert accounts.is_maker("qwen") and accounts.is_maker("NVIDIA")
    assert accounts.is_maker_only("QWEN") and not accounts.is_maker_only("nvidia")
    assert accounts.does_with_others("Unsloth") == {QUANTIZES, MIRRORS}
    assert not accounts.is_maker("unsloth") and not accounts.does_with_others("Qwen")
    assert (accounts.present_name("thudm"), accounts.present_name("Qwen")) == ("zai-org", "Qwen")


def test_an_account_judged_to_be_a_curated_organization_is_a_maker(tmp_path: Path) -> None:
    lines = f"- {{left: org/google, right: org/hf/google, {SAME}\n"
    lines += f"- {{left: org/hf/Deci, right: org/epoch/deci, {SAME}\n"
    lines += f"- {{left: org/meta, right: org/hf/fake, {SAME}\n".replace("true", "false")
    accounts = read_accounts(write(tmp_path, "makers: []\nreuploaders: {}\nrenamed: {}\n", lines))
    assert accounts.makers == {"google"}


def test_without_files_nobody_is_known(tmp_path: Path) -> None:
    assert not read_accounts(tmp_path).makers


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("makers: []\n", 1, "has the parts makers, reuploaders, renamed"),
        ("makers: [a,\n  A]\nreuploaders: {}\nrenamed: {}\n", 2, "A stands twice"),
        ("makers: {}\nreuploaders: {}\nrenamed: {}\n", 1, "makers must be a list"),
        ("makers:\n- a/b\nreuploaders: {}\nrenamed: {}\n", 2, "a/b is no name"),
        ("makers: []\nreuploaders: [a]\nrenamed: {}\n", 2, "reuploaders must say something"),
        (
            "makers: []\nreuploaders:\n  a: [sells]\nrenamed: {}\n",
            3,
            "a list of quantizes, mirrors",
        ),
        ("makers: []\nreuploaders: {}\nrenamed:\n  a: 3\n", 4, "3 is no name"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    text: str, line: int, why: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as error:
        read_accounts(write(tmp_path, text))
    assert why in str(error.value) and f"accounts.yaml:{line}:" in str(error.value)


def test_the_shipped_accounts_name_nobody_twice_and_every_curated_organization() -> None:
    accounts = read_accounts(DATA)
    listed = (DATA / "ingest" / "accounts.yaml").read_text(encoding="utf-8").casefold()
    judged = [name for name in accounts.makers if f"  - {name}\n" not in listed]
    assert {"google", "mistralai", "allenai", "facebook"} <= set(judged)
    curated = read_curated(DATA, load_vocabulary(), named_here(read_terms(DATA)))
    hub_ids = {
        str(claim.said.value)
        for claim in curated
        if claim.property == HUB_ID and kind_of(claim.subject) == "org"
    }
    assert {account for account in hub_ids if not accounts.is_maker(account)} == set()
