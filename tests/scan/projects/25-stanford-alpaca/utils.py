import openai


def openai_completion(
    prompts,
    model_name="text-davinci-003",
    sleep_time=2,
):
    return openai.Completion.create(prompt=prompts, model=model_name)
