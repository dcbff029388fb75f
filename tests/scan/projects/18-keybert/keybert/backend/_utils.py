def select_backend(embedding_model):
    """`all-MiniLM-L6-v2` for English, otherwise the multilingual one."""
    if "flair" in str(type(embedding_model)):
        return FlairBackend(embedding_model)
    from ._sentencetransformers import SentenceTransformerBackend

    return SentenceTransformerBackend("paraphrase-multilingual-MiniLM-L12-v2")
