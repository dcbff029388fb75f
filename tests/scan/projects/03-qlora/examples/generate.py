from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

model_name_or_path = 'huggyllama/llama-7b'
# adapter_path, _ = last_of('qlora/output/guanaco-7b')
adapter_path = 'timdettmers/guanaco-7b'

tok = AutoTokenizer.from_pretrained(model_name_or_path)
net = AutoModelForCausalLM.from_pretrained(
    model_name_or_path,
    load_in_4bit=True,
)
net = PeftModel.from_pretrained(net, adapter_path)
