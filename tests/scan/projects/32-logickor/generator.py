import argparse
import os

from vllm import LLM

parser = argparse.ArgumentParser()
parser.add_argument("-g", "--gpu_devices", help=" : CUDA_VISIBLE_DEVICES", default="0")
parser.add_argument(
    "-m",
    "--model",
    help=" : Model to evaluate",
    default="yanolja/EEVE-Korean-Instruct-2.8B-v1.0",
)
args = parser.parse_args()
llm = LLM(model=args.model, trust_remote_code=True)
os.makedirs("./generated/" + args.model)
