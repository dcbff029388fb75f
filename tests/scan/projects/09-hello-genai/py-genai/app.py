import os


def model_name():
    return os.getenv("LLM_MODEL_NAME", "")


headers = {"Content-Type": "application/json"}
