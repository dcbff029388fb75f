import os

GENERATION_MODEL = os.getenv("GENERATION_MODEL") or CONFIG.get("generation_model") or "qwen3.5:9b"


def choices():
    return {
        "embedding_models": [
            "Qwen/Qwen3-Embedding-0.6B",
            "Qwen/Qwen3-Embedding-8B"
        ]
    }
