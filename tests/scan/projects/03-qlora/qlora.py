from dataclasses import dataclass, field
from typing import Optional

from datasets import load_dataset
from transformers import AutoModelForCausalLM


@dataclass
class ModelArguments:
    model_name_or_path: Optional[str] = field(
        default="EleutherAI/pythia-12b"
    )
    trust: bool = field(default=False, metadata={"help": "as in AutoModelForCausalLM#from_pretrained"})
    output_dir: str = field(default='./output')


def rows_of(name):
    if name == 'alpaca':
        return load_dataset("tatsu-lab/alpaca")
    elif name == 'chip2':
        return load_dataset("laion/OIG", data_files='unified_chip2.jsonl')
    elif name == 'self-instruct':
        return load_dataset("yizhongw/self_instruct", name='self_instruct')


def model_of(args):
    return AutoModelForCausalLM.from_pretrained(args.model_name_or_path)
