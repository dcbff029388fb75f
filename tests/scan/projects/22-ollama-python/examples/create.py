from ollama import Client

client = Client()
client.create(
  model='my-assistant',
  from_='gemma3',
  system='You are a plumber.',
)
