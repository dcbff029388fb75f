"""Models that a user keeps in folders: what they are called by where they lie."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from kg.ingest.kit._folders import training_folder
from kg.ingest.kit.kit import Kit, Place
from kg.ingest.kit.parents import classify

_OF_FOLDER = re.compile(r"readme([-_.].*)?|model[-_ ]?card|card|index", re.IGNORECASE)


class Local(NamedTuple):
    """A model that is known by the folder it lies in, or by its address on the Hub."""

    name: str
    hub_id: str = ""

    def id(self, kit: Kit) -> str:
        """Its id."""
        return f"model/hf/{self.hub_id}" if self.hub_id else kit.id("model", self.name)


def local_card(place: Place, path: PurePosixPath) -> Local:
    """The model of a card: a README and a model card go by their folder, other files by their own name."""
    if "://" in place.where or _OF_FOLDER.fullmatch(path.stem):
        return local_of(place, str(path.parent))
    return Local(str(path.with_suffix("")))


def local_of(place: Place, folder: str) -> Local:
    """The model of a folder below a place; the place itself is called by its own name.

    A checkpoint is a state of the model that its training makes, and goes by the folder of that.

    >>> from pathlib import Path
    >>> local_of(Place(Path("x"), "https://huggingface.co/a/b/raw/main/README.md"), ".")
    Local(name='b', hub_id='a/b')
    >>> local_of(Place(Path("/x/out")), "lora/checkpoint-500").name, local_of(Place(Path("/x/out.zip")), "checkpoint-500").name
    ('lora', 'out.zip')
    """
    if "://" in place.where:
        parent = classify(place.where)
        hub_id = parent.value if parent.sort == "hub" else ""
        return Local((hub_id or place.where).rpartition("/")[2], hub_id)
    own = str(training_folder(PurePosixPath(folder)))
    if own != ".":
        return Local(own)
    path = place.path.absolute()
    at = path if path.is_dir() or path.suffix in (".zip", ".tar", ".gz", ".tgz") else path.parent
    return Local(training_folder(at).name)
