import os

MYMODEL = os.environ.get("LLM_MODEL", "models/7B/gguf-model.bin")  # such as gpt-3.5-turbo
INTENT_ROUTER_LLM = os.environ.get("INTENT_ROUTER_LLM", None)
