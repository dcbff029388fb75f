import os

from peft import PeftModel
from transformers import LlamaForCausalLM, LlamaTokenizer

BASE_MODEL = os.environ.get("BASE_MODEL", None)
assert BASE_MODEL, "set BASE_MODEL, such as `export BASE_MODEL=huggyllama/llama-7b`"

tok = LlamaTokenizer.from_pretrained(BASE_MODEL)
base = LlamaForCausalLM.from_pretrained(BASE_MODEL, device_map={"": "cpu"})
tuned = PeftModel.from_pretrained(
    base,
    "tloen/alpaca-lora-7b",
    device_map={"": "cpu"},
)
tuned.save_pretrained("./hf_ckpt")
