import sentence_transformers


def test_backend():
    model_name = "paraphrase-MiniLM-L6-v2"
    net = sentence_transformers.SentenceTransformer(model_name, device="cpu")
    assert model_name in net.tokenizer.name_or_path
