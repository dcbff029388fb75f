from ollama import pull

for progress in pull('gemma3', stream=True):
  print(progress.get('status'))
