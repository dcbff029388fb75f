import os

import torch
from torch import nn
from transformers import AutoModelForMaskedLM


class Adapet(nn.Module):
    def __init__(self, config):
        weights = os.path.join("pretrained_models", config.pretrained_weight)
        self.net = AutoModelForMaskedLM.from_pretrained(weights)
        self.lookup = nn.Embedding.from_pretrained(torch.eye(4))
