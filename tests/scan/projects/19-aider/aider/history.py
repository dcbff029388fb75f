from aider import models


def main():
    model_names = ["gpt-3.5-turbo", "gpt-4"]
    return [models.Model(name) for name in model_names]
