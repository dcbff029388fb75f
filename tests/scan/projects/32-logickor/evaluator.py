import argparse

from openai import OpenAI


def get_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--model-output-dir", required=True)
    parser.add_argument("-j", "--judge-model", help="Judge Model", default="gpt-4-1106-preview")
    return parser.parse_args()


def judge(prompt, judge_model):
    return OpenAI().chat.completions.create(model=judge_model, messages=[prompt])
