"""Rows of eugeneyan/open-llms (Apache-2.0), shortened, and what they say."""

from pathlib import Path

import pytest

from kg.claims.claim_files import read_claims
from kg.claims.runs import read_links
from kg.ingest.ingest import IngestRequest, ingest

ROWS = """
| Language Model | Release Date | Checkpoints | Paper/Blog | Params (B) | Context Length | Licence | Try it |
| --- | --- | --- | --- | --- | --- | --- |---|
| T5 | 2019/10 |[T5](https://github.com/google-research/t5x), [Flan-T5-xxl (HF)](https://huggingface.co/google/flan-t5-xxl) | [Exploring the Limits](https://github.com/google-research/t) | 0.06 - 11 | [512](https://discuss.huggingface.co/t/x) | Apache 2.0 | |
| Dolly | 2023/04 | [dolly-v2-12b](https://huggingface.co/databricks/dolly-v2-12b) | [Free Dolly](https://www.databricks.com/blog/x) | 3, 7, 12 | [2048](https://github.com/databrickslabs/dolly#dolly) | MIT | |
| MPT-7B | 2023/05 | [MPT-7B](https://huggingface.co/mosaicml/mpt-7b), [MPT-7B-Instruct](https://huggingface.co/mosaicml/mpt-7b-instruct) | [Introducing](https://www.mosaicml.com/blog/mpt-7b) | 7 | [84k (ALiBi)](https://huggingface.co/mosaicml/mpt-7b) | Apache 2.0, CC BY-SA-3.0 | |
| ChatGLM | 2023/03<!--13--> | [chatglm-6b](https://huggingface.co/THUDM/chatglm-6b) | [ChatGLM](https://zhipuai.cn/en/news/61), [Github](https://github.com/THUDM/ChatGLM-6B) | 6 | [512, 2048](https://huggingface.co/x) | [Custom](https://huggingface.co/THUDM/chatglm-6b/blob/main/MODEL_LICENSE) Free with some usage restriction | |

| Name | Release Date |  Paper/Blog | Dataset | Samples (K) | License |
| --- | --- | --- | --- | --- | ---- |
| OIG | soon | [THE OIG DATASET](https://laion.ai/blog/oig-dataset/) | [OIG](https://huggingface.co/datasets/laion/OIG) | 44,000 | Apache 2.0 |
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "README.md").write_text(ROWS, encoding="utf-8")
    ingest(home, IngestRequest("open-llms", str(home / "README.md")))
    return home / "runs" / "open-llms"


@pytest.fixture
def said(folder: Path) -> set[tuple[str, str, object]]:
    return {(c.subject, c.property, c.said.value) for c in read_claims(folder / "claims.jsonl")}


def test_a_range_of_sizes_names_no_models(said: set[tuple[str, str, object]]) -> None:
    assert ("family/open-llms/t5", "feature", "0.06 - 11 billion parameters") in said
    assert ("model/hf/google/flan-t5-xxl", "inFamily", "family/open-llms/t5") in said
    assert not any(p == "parameterCount" and "t5" in s for s, p, _ in said)


def test_a_list_of_sizes_names_a_model_each(said: set[tuple[str, str, object]]) -> None:
    assert ("model/open-llms/dolly-3b", "parameterCount", 3_000_000_000) in said
    assert ("model/open-llms/dolly-12b", "hubId", "databricks/dolly-v2-12b") in said
    assert ("model/open-llms/dolly-12b", "license", "license/mit") in said


def test_a_size_in_the_name_makes_a_model(said: set[tuple[str, str, object]]) -> None:
    assert ("model/open-llms/mpt-7b", "hubId", "mosaicml/mpt-7b") in said
    assert ("model/open-llms/mpt-7b", "contextLength", 84_000) in said
    assert ("model/hf/mosaicml/mpt-7b-instruct", "parameterCount", 7_000_000_000) in said


def test_one_checkpoint_is_the_model(said: set[tuple[str, str, object]]) -> None:
    model = "model/open-llms/chatglm"
    assert (model, "hubId", "THUDM/chatglm-6b") in said
    assert (model, "releaseDate", "2023-03") in said
    assert (model, "paper", "publication/open-llms/chatglm") in said


def test_datasets(said: set[tuple[str, str, object]]) -> None:
    assert ("dataset/open-llms/oig", "hubId", "laion/OIG") in said
    assert ("dataset/open-llms/oig", "itemCount", 44_000_000) in said


def test_exact_hub_ids_link(folder: Path) -> None:
    links = {(link.left, link.right) for link in read_links(folder)}
    assert ("model/open-llms/dolly-12b", "model/hf/databricks/dolly-v2-12b") in links
    assert ("dataset/open-llms/oig", "dataset/hf/laion/OIG") in links


def test_what_cannot_be_a_claim_is_kept(folder: Path) -> None:
    issues = (folder / "issues.jsonl").read_text(encoding="utf-8")
    for value in ('"soon"', '"512, 2048"', '"Apache 2.0, CC BY-SA-3.0"'):
        assert value in issues
