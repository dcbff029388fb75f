from transformers import ElectraTokenizer

from model import ElectraForMultiLabelClassification

tok = ElectraTokenizer.from_pretrained("monologg/koelectra-base-v3-goemotions")
net = ElectraForMultiLabelClassification.from_pretrained("monologg/koelectra-base-v3-goemotions")
print(tok, net, "오늘은 기쁜 날입니다")
