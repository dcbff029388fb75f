import openai

MODEL = "gpt-4"
MODEL_ID = "gpt-4:20230520"


def ask(question):
    record = {"model_id": MODEL_ID}
    reply = openai.ChatCompletion.create(
        model=MODEL,
        messages=[{"role": "user", "content": question}],
    )
    return record, reply
