from openai import OpenAI

MODEL = "tinyllm"  # such as tinyllm, gpt-3.5-turbo
client = OpenAI(api_key="none", base_url="http://localhost:8000/v1")
client.chat.completions.create(model=MODEL, messages=[])
