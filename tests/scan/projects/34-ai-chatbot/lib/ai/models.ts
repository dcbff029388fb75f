export const DEFAULT_CHAT_MODEL = "google/gemini-2.5-flash-lite";

export const chatModels = [
  {
    id: "anthropic/claude-haiku-4.5",
    name: "Claude Haiku 4.5",
    provider: "anthropic",
  },
  {
    id: "openai/gpt-4.1-mini",
    name: "GPT-4.1 Mini",
    provider: "openai",
  },
];
