import argparse

from utils import MODEL_PATH_MAP

parser = argparse.ArgumentParser()
parser.add_argument("--model_dir", default="./model", type=str)
parser.add_argument("--model_type", default="kobert", type=str)
args = parser.parse_args()
args.model_name_or_path = MODEL_PATH_MAP[args.model_type]
