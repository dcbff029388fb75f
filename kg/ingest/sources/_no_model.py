"""Files that look like a model's and are not: READMEs of projects, cards of datasets and Spaces, other configurations.

A card of a model is told by its fields: those that the Hub documents for model cards, in any spelling.
https://huggingface.co/docs/hub/model-cards, datasets-cards and spaces-config-reference list them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from kg.files.recovery import SalvagedFields
from kg.ingest.sources._card_parents import names_bases
from kg.messages.message import mark
from kg.model.issues import Issue

Sort = Literal["model", "bare", "dataset", "space"]

NO_CARD, NO_CONFIG, FOREIGN = "no-model-card", "no-model-config", "foreign-package"  # rules
NO_MODEL = {
    "bare": mark("its head says nothing of a model, and no model lies beside it"),
    "dataset": mark("the card of a dataset"),
    "space": mark("the card of a Space"),
    "project": mark("a text on a project, by its name"),
    "config": mark("a configuration, but of no model"),
    "merge": mark("it lists models without merge_method, slices or experts, so it makes no merge"),
    "foreign": mark("other people's packages, which are not read"),
}
_RULES = {"config": NO_CONFIG, "merge": NO_CONFIG, "foreign": FOREIGN}  # of the others NO_CARD

# Keys are compared in lower case, without `-`, `_` and spaces.
_ONLY_MODEL = {
    *("basemodelrelation", "pipelinetag", "libraryname", "modelindex"),
    *("widget", "quantizedby", "newversion", "instanceprompt", "inference"),
    *("modelname", "modelid", "modeltype", "modelcreator"),
}
_MODEL = _ONLY_MODEL | {
    *("license", "licence", "licenses", "licences", "licensename", "licenselink"),
    *("datasets", "co2eqemissions", "extragatedprompt", "extragatedheading", "extragatedfields"),
}
_WEAK = {"tags", "language", "languages", "metrics"}  # of any page with a title as well
_DATASET = {
    *("taskcategories", "taskids", "sizecategories", "datasetinfo", "annotationscreators"),
    *("languagecreators", "sourcedatasets", "multilinguality", "prettyname", "trainevalindex"),
}
_SPACE = {"sdk", "sdkversion", "appfile", "appport", "suggestedhardware"}
# Keys of pages of Jekyll, Hugo, Docusaurus, VitePress
_PAGE = {
    *("layout", "permalink", "slug", "draft", "navorder", "haschildren", "redirectfrom", "toc"),
    *("sidebarposition", "sidebarlabel", "sidebar", "outline", "hidetitle", "lastmod"),
}
_PROJECT = re.compile(
    r"(changelog|changes|history|contributing|code[-_]of[-_]conduct|security|licen[sc]e|notice|authors"
    r"|maintainers|support|governance|skill|agents|claude|gemini|todo|faq)([-_.].*)?",
    re.IGNORECASE,
)
# Keys of which a model's config.json has at least one
_CONFIG = {
    *("architectures", "model_type", "_name_or_path", "_class_name", "transformers_version"),
    *("hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size", "auto_map"),
    *("max_position_embeddings", "n_positions", "d_model", "n_embd", "n_layer", "num_layers"),
    *("torch_dtype", "quantization_config"),
    *("text_config", "vision_config"),
}


def card_sort(fields: Mapping[str, Any]) -> Sort:
    """What the fields of a card say that it is about.

    >>> card_sort({"license": "mit", "task_categories": ["text-generation"]}), card_sort({"sdk": "gradio"})
    ('dataset', 'space')
    >>> card_sort({"base_model": "a/b", "pretty_name": "B"}), card_sort({"title": "Guide", "tags": ["a"]})
    ('model', 'bare')
    """
    broken = fields.broken if isinstance(fields, SalvagedFields) else ()
    written = {str(key) for key in fields} | {one.key for one in broken}
    keys = {re.sub(r"[-_\s]", "", key).casefold() for key in written}
    if keys & _ONLY_MODEL or any(map(names_bases, written)):
        return "model"
    if keys & _SPACE or {"colorfrom", "colorto"} <= keys:
        return "space"
    if keys & _DATASET or _has_data(fields.get("configs")):
        return "dataset"
    if keys & _PAGE:
        return "bare"
    lost = any(one.lost for one in broken)  # what cannot be read may have been of a model
    named = lost or keys & _MODEL or (keys & _WEAK and "title" not in keys)
    return "model" if named else "bare"


def _has_data(configs: object) -> bool:
    """Whether a field holds the configurations of a data set."""
    return isinstance(configs, list) and any(
        isinstance(one, dict) and {"config_name", "data_files"} & one.keys() for one in configs
    )


def is_project_text(stem: str) -> bool:
    """Whether a file's name, without its suffix, says that it is about a project, as CHANGELOG does."""
    return bool(_PROJECT.fullmatch(stem))


def is_model_config(data: Mapping[str, Any]) -> bool:
    """Whether a config.json is of a model, as transformers and diffusers write it."""
    return bool(_CONFIG & data.keys())


def no_model(reason: str, at: str, source: str) -> Issue:
    """That a file is none of a model.

    Args:
        reason: of NO_MODEL.
        at: the file, or the folder.
        source: id.
    """
    return Issue(
        severity="warning",
        rule=_RULES.get(reason, NO_CARD),
        subject="",
        message=NO_MODEL[reason],
        source=source,
        origin=at,
    )
