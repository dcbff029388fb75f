"""
만드는 법:
  --model_name="text-davinci-003"
"""
import utils


def generate(
    output_dir="./",
    model_name="text-davinci-003",
):
    return utils.openai_completion(prompts=[], model_name=model_name)
