"""The examples of deploy/: read by the schemas of Kubernetes and Compose, and compared with what the program has."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import valkey
import yaml
from check_jsonschema import builtin_schemas

from kg.config import Config
from tests.gendocs import ROOT
from tests.web.shared.servers import needs_server, server

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
VARIANTS = sorted(path.parent.name for path in KUBERNETES.glob("*/kustomization.yaml"))
SETTINGS = {f"GYEBO_{field.name.upper()}" for field in fields(Config)}
Document = dict[str, Any]


def documents(path: Path) -> list[Document]:
    return [one for one in yaml.safe_load_all(path.read_text("utf-8")) if one]


def put_together(variant: str) -> list[Document]:
    """What `kubectl apply -k` would send: the resources of a folder, with its patches, which are JSON Patch (RFC 6902)."""
    folder = KUBERNETES / variant
    (kustomization,) = documents(folder / "kustomization.yaml")
    assert kustomization["kind"] == "Kustomization"
    found: list[Document] = []
    for name in kustomization["resources"]:
        path = folder / name
        found += documents(path) if path.is_file() else put_together(path.resolve().name)
    for patch in kustomization.get("patches", []):
        (target,) = [one for one in found if is_target(one, patch["target"])]
        for step in yaml.safe_load(patch["patch"]):
            apply_step(target, step)
    return copy.deepcopy(found)


def is_target(document: Document, target: Document) -> bool:
    return (document["kind"], document["metadata"]["name"]) == (target["kind"], target["name"])


def apply_step(document: Any, step: Document) -> None:
    *places, last = step["path"].lstrip("/").split("/")
    for place in places:
        document = document[int(place) if isinstance(document, list) else place]
    match step["op"], document:
        case "add", list():
            document.insert(len(document) if last == "-" else int(last), step["value"])
        case "add", dict():
            document[last] = step["value"]
        case "replace", list():
            document[int(last)] = step["value"]
        case "replace", dict() if last in document:
            document[last] = step["value"]
        case other:
            pytest.fail(f"no such step: {other}")


def one_of(found: list[Document], kind: str, name: str = "gyebo") -> Document:
    (one,) = [d for d in found if d["kind"] == kind and d["metadata"]["name"] == name]
    return one


def container_of(found: list[Document]) -> Document:
    container: Document
    (container,) = one_of(found, "Deployment")["spec"]["template"]["spec"]["containers"]
    return container


@pytest.mark.parametrize("variant", VARIANTS)
def test_manifests_are_what_kubernetes_reads(variant: str) -> None:
    found = put_together(variant)
    for document in found:
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
    names = [(one["kind"], one["metadata"]["name"]) for one in found]
    assert len(names) == len(set(names)) >= 9
    program = shutil.which("kubeconform")
    if program:
        text = yaml.safe_dump_all(found)
        subprocess.run([program, "-strict", "-"], input=text, text=True, check=True)


def test_a_manifest_with_a_mistake_is_none() -> None:
    found = put_together("base")
    container_of(found)["readinesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        for document in found:
            kubernetes_validate.validate(
                document, kubernetes_validate.latest_version(), strict=True
            )


@pytest.mark.parametrize("variant", VARIANTS)
def test_manifests_name_each_other(variant: str) -> None:
    """Selectors select, budgets and scalers stand over what there is, and all that is mounted is a volume."""
    found = put_together(variant)
    for kind, name in (("Deployment", "gyebo"), ("Deployment", "gyebo-valkey")):
        spec = one_of(found, kind, name)["spec"]
        labels = spec["template"]["metadata"]["labels"]
        assert spec["selector"]["matchLabels"] == labels
        assert one_of(found, "Service", name)["spec"]["selector"] == labels
        assert one_of(found, "NetworkPolicy", name)["spec"]["podSelector"]["matchLabels"] == labels
        pod = spec["template"]["spec"]
        for container in pod["containers"]:
            mounted = {one["name"] for one in container["volumeMounts"]}
            assert mounted == {one["name"] for one in pod["volumes"]}
    scaler = one_of(found, "HorizontalPodAutoscaler")["spec"]
    assert one_of(found, scaler["scaleTargetRef"]["kind"], scaler["scaleTargetRef"]["name"])
    assert "replicas" not in one_of(found, "Deployment")["spec"]  # or it would undo the scaler's
    budget = one_of(found, "PodDisruptionBudget")["spec"]
    assert budget["selector"] == one_of(found, "Deployment")["spec"]["selector"]
    assert budget["maxUnavailable"] < scaler["minReplicas"]
    (path,) = one_of(found, "Ingress")["spec"]["rules"][0]["http"]["paths"]
    assert path["backend"]["service"]["name"] == one_of(found, "Service")["metadata"]["name"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_nodes_are_set_up_as_the_program_wants_it(variant: str, client: Any) -> None:
    found = put_together(variant)
    pod = one_of(found, "Deployment")["spec"]["template"]["spec"]
    container = container_of(found)
    assert {one["name"] for one in container["env"]} <= SETTINGS
    port = next(p["containerPort"] for p in container["ports"] if p["name"] == "http")
    assert str(port) in container["args"]
    for name in ("startupProbe", "readinessProbe"):
        assert client.get(container[name]["httpGet"]["path"]).status_code in (200, 503)
        assert container[name]["httpGet"]["path"] == "/-/ready"
    image = (ROOT / "Containerfile").read_text("utf-8")
    assert f"USER {pod['securityContext']['runAsUser']}:" in image
    before_stop = int(container["lifecycle"]["preStop"]["exec"]["command"][-1])
    assert before_stop + 30 < pod["terminationGracePeriodSeconds"]  # 30: gunicorn's for answers
    env = {one["name"]: one.get("value", "") for one in container["env"]}
    shared = one_of(found, "Service", "gyebo-valkey")["spec"]["ports"][0]["port"]
    assert env["GYEBO_SHARED"] == f"redis://gyebo-valkey:{shared}/0"
    assert env["GYEBO_SHARED_SECRET"] == ""  # it comes of a Secret


def test_compose_reads_its_file() -> None:
    (compose,) = documents(DEPLOY / "compose.yaml")
    jsonschema.validate(compose, builtin_schemas.get_builtin_schema("vendor.compose-spec"))
    services = compose["services"]
    assert services["node"]["deploy"]["replicas"] >= 3
    assert set(services["node"]["environment"]) <= SETTINGS
    for mounted in services["proxy"]["configs"]:
        config = compose["configs"][mounted["source"]]
        assert "content" in config or (DEPLOY / config["file"]).is_file()
    assert (DEPLOY / services["node"]["build"]["context"] / "Containerfile").is_file()
    (subnet,) = compose["networks"]["front"]["ipam"]["config"]
    assert services["node"]["environment"]["GYEBO_PROXY_NETWORKS"] == subnet["subnet"]


def test_compose_and_nginx_have_one_set_of_rules() -> None:
    (compose,) = documents(DEPLOY / "compose.yaml")
    text = (DEPLOY / "nginx" / "nodes.conf").read_text("utf-8")
    assert rules(text) - rules(compose["configs"]["nodes"]["content"]) == set()


def rules(text: str) -> set[str]:
    """The lines of an upstream, without addresses and comments."""
    bare = re.sub(r"#.*|(?<=server )\S+", "", text)
    return {" ".join(line.split()) for line in bare.splitlines() if line.strip()}


@needs_server
def test_the_server_that_nodes_share_takes_what_it_is_told(tmp_path: Path) -> None:
    (compose,) = documents(DEPLOY / "compose.yaml")
    _, *one = compose["services"]["valkey"]["command"]
    pod = one_of(put_together("base"), "Deployment", "gyebo-valkey")["spec"]["template"]["spec"]
    other = pod["containers"][0]["args"]
    assert one == other
    with (
        server(tmp_path, 0, *one) as address,
        closing(valkey.Valkey.from_url(address, decode_responses=True)) as client,
    ):
        said = client.config_get("maxmemory*", "save", "appendonly", "protected-mode")
    assert said["maxmemory-policy"] == "allkeys-lru" and said["maxmemory"] == str(256 << 20)
    assert (said["save"], said["appendonly"], said["protected-mode"]) == ("", "no", "no")


def test_no_secret_stands_in_an_example() -> None:
    for path in files():
        text = path.read_text("utf-8")
        assert not re.search(r"[0-9a-f]{32}", text), path
        if path.suffix == ".yaml" and KUBERNETES in path.parents:
            assert all(one["kind"] != "Secret" for one in documents(path)), path


def files() -> Iterator[Path]:
    found = [path for path in DEPLOY.rglob("*") if path.is_file()]
    assert len(found) >= 10
    yield from found


def test_the_page_names_every_file() -> None:
    text = (ROOT / "docs" / "nodes.md").read_text("utf-8")
    unnamed = [str(p.relative_to(ROOT)) for p in files() if str(p.relative_to(ROOT)) not in text]
    folders = [name for name in unnamed if str(Path(name).parent) not in text]
    assert folders == []
    for name in re.findall(r"`(deploy/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
