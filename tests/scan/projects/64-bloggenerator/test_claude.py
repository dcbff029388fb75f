import os

import anthropic

client = anthropic.Anthropic(api_key=os.environ["ANTHROPIC_API_KEY"])
reply = client.messages.create(
    model="claude-3-haiku-20240307",
    max_tokens=200,
    messages=[{"role": "user", "content": "코드를 보여 주세요"}],
)
print(reply.content[0].text)
