"""
run:
python -m generate_instruction run \
  --model_name="text-davinci-003"
"""
import utils


def run(
    output_dir="./",
    model_name="text-davinci-003",
):
    return utils.openai_completion(prompts=[], model_name=model_name)
