from litellm import completion


class LiteLLM:
    """Asks any model.

    ```python
    llm = LiteLLM("gpt-4")
    ```
    """

    def __init__(
        self,
        model: str = "gpt-3.5-turbo",
        prompt: str = None,
    ):
        self.model = model

    def ask(self, messages):
        return completion(model=self.model, messages=messages)
