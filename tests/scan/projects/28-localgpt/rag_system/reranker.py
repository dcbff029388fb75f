from transformers import AutoModelForSequenceClassification


class Reranker:
    def __init__(self, model_name: str = "BAAI/bge-reranker-v2-m3"):
        self.net = AutoModelForSequenceClassification.from_pretrained(model_name)


def is_qwen(model_name):
    return "qwen3-reranker" in (model_name or "").lower()
