import fire
from datasets import load_dataset
from transformers import LlamaForCausalLM


def train(
    base_model: str = "",
    data_path: str = "yahma/alpaca-cleaned",
    output_dir: str = "./lora-alpaca",
):
    assert base_model, "say --base_model, such as --base_model='huggyllama/llama-7b'"
    net = LlamaForCausalLM.from_pretrained(base_model)
    if data_path.endswith(".json"):
        rows = load_dataset("json", data_files=data_path)
    else:
        rows = load_dataset(data_path)
    return net, rows


fire.Fire(train)
