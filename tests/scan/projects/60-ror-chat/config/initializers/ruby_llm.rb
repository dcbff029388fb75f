RubyLLM.configure do |config|
  # config.default_model = "gpt-4.1-nano"
  config.ollama_api_base = "http://localhost:11434"
  config.openai_api_key = "dummy-key-for-ollama"
  config.default_embedding_model = "nomic-embed-text:v1.5"
end
