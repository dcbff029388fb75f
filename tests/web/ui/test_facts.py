"""Values as pages show them: ids of other sites are links to them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.model.vocabulary import load_vocabulary
from web.ui.facts import shape

PROPERTIES = load_vocabulary().properties


@pytest.mark.parametrize(
    ("kind", "property", "value", "url"),
    [
        ("model", "hubId", "o/a", "https://huggingface.co/o/a"),
        ("dataset", "hubId", "o/a", "https://huggingface.co/datasets/o/a"),
        ("model", "modelScopeId", "O/a", "https://modelscope.cn/models/O/a"),
        ("publication", "arxivId", "2302.13971", "https://arxiv.org/abs/2302.13971"),
        ("model", "hubId", '"><x', "https://huggingface.co/%22%3E%3Cx"),
        ("org", "hubId", "o", ""),
        ("model", "task", "chat", ""),
    ],
)
def test_an_id_of_another_site_leads_there(
    app: Flask, kind: str, property: str, value: str, url: str
) -> None:
    with app.test_request_context("/"):
        found = shape(value, PROPERTIES[property], kind=kind)
    assert (found.text, found.url) == (value, url)


def test_the_page_of_a_model_links_to_the_hub(client: FlaskClient) -> None:
    html = client.get("/model/llama-2-7b", headers={"Accept": "text/html"}).text
    assert 'href="https://huggingface.co/meta-llama/Llama-2-7b-hf"' in html
