import argparse

from setfit import SetFitModel

parser = argparse.ArgumentParser()
parser.add_argument("--model", default="paraphrase-mpnet-base-v2")
parser.add_argument("--datasets", nargs="+", default=["sst2"])
parser.add_argument("--classifier", default="logistic_regression")
args = parser.parse_args()
net = SetFitModel.from_pretrained(args.model)
