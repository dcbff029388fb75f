from ollama import chat

print(chat('gemma3', messages=[{'role': 'user', 'content': 'Why?'}]))
