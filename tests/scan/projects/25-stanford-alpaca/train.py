from dataclasses import dataclass, field
from typing import Optional

import transformers


@dataclass
class ModelArguments:
    model_name_or_path: Optional[str] = field(default="facebook/opt-125m")
    optim: str = field(default="adamw_torch")


def load(args):
    return transformers.AutoModelForCausalLM.from_pretrained(args.model_name_or_path)
