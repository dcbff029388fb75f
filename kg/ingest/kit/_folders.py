"""Names of folders: those of checkpoints, which are states of one training, and those of other people's packages."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TypeVar

AnyPath = TypeVar("AnyPath", bound=PurePath)

# What Trainer, DeepSpeed, Megatron, Lightning, accelerate and people call the states of a training.
# A bare `step3` is a model of StepFun, so of steps two digits are asked for.
_CHECKPOINT = re.compile(
    r"(tmp[-_])?(checkpoint|ckpt|global[-_]?step)s?[-_=]?\d+([-_].*)?"
    r"|epochs?[-_=]?\d+([-_]?(step|iter|loss|val|acc|end|final)s?\b.*)?"
    r"|(step|iter|iteration)s?[-_=]?\d\d+"
    r"|(checkpoint|ckpt)[-_](best|last|latest|final)|(best|last|latest|final)[-_](checkpoint|ckpt)",
    re.IGNORECASE,
)
_KEPT_IN = {"checkpoints", "ckpts"}  # a folder above checkpoints
_OTHERS = re.compile(
    r"node_modules|bower_components|(site|dist)-packages|vendor(ed)?|third[-_]?party|venv|virtualenv|__pycache__",
    re.IGNORECASE,
)


def training_folder(folder: AnyPath) -> AnyPath:
    """The folder of the training that a folder is a checkpoint of; any other folder is its own.

    >>> from pathlib import PurePosixPath
    >>> [str(training_folder(PurePosixPath(p))) for p in ("a/checkpoint-500/epoch_3", "a/checkpoints/epoch=3-step=9", "a/step3")]
    ['a', 'a', 'a/step3']
    """
    at = folder
    while at.parent != at and _CHECKPOINT.fullmatch(at.name):
        at = at.parent
    kept = at != folder and at.name.casefold() in _KEPT_IN and at.parent != at
    return at.parent if kept else at


def foreign_folder(path: PurePath) -> str:
    """The folder of other people's packages that a file lies in; "" if it lies in none.

    >>> from pathlib import PurePosixPath
    >>> foreign_folder(PurePosixPath("web/node_modules/left-pad/README.md"))
    'web/node_modules'
    """
    for number, part in enumerate(path.parts[:-1], 1):
        if _OTHERS.fullmatch(part):
            return "/".join(path.parts[:number])
    return ""
