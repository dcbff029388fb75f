from huggingface_hub import hf_hub_download

MODEL = "./vendor/llama.cpp/models/ggml-vocab-llama-spm.gguf"


def embedding_file():
    repo_id = "CompendiumLabs/bge-small-en-v1.5-gguf"
    filename = "bge-small-en-v1.5-q4_k_m.gguf"
    return hf_hub_download(repo_id, filename)
