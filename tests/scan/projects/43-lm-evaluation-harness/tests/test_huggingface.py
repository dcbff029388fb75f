from lm_eval.models.huggingface import HFLM

LM = HFLM(pretrained="EleutherAI/pythia-70m", device="cpu")
