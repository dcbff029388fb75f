from langchain_ollama import ChatOllama


class TopicChain:
    """주제를 설명합니다.

    model (str): 모델 이름
    """

    def __init__(self, model: str = "exaone", temperature: float = 0):
        self.model = model

    def setup(self):
        return ChatOllama(model=self.model)
