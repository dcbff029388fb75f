from dataclasses import dataclass

from langchain.chat_models import init_chat_model


@dataclass
class ModelConfig:
    id: str  # such as "google_genai:gemini-3.5-flash-lite"
    name: str
    api_key_env: str


MODELS = {
    "claude-haiku-4.5": ModelConfig(
        id="anthropic:claude-haiku-4-5-20251001",
        name="Claude Haiku 4.5",
        api_key_env="ANTHROPIC_API_KEY",
    ),
    "gpt-5.4-nano": ModelConfig(
        id="openai:gpt-5.4-nano",
        name="GPT-5.4 Nano",
        api_key_env="OPENAI_API_KEY",
    ),
}

DEFAULT_MODEL = MODELS["gpt-5.4-nano"]
default_model = init_chat_model(model=DEFAULT_MODEL.id)
