class KeyBERT:
    """Keywords.

    Arguments:
        model: such as https://huggingface.co/sentence-transformers/all-MiniLM-L12-v2
    """

    def __init__(
        self,
        model="all-MiniLM-L6-v2",
        llm=None,
    ):
        self.model = select_backend(model)
