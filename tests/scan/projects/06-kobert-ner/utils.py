from transformers import BertConfig, ElectraConfig

MODEL_CLASSES = {
    'kobert': (BertConfig,),
    'koelectra-base': (ElectraConfig,),
}

MODEL_PATH_MAP = {
    'kobert': 'monologg/kobert',
    'bert': 'bert-base-multilingual-cased',
    'koelectra-base': 'monologg/koelectra-base-discriminator',
}


def load_tokenizer(args):
    return MODEL_CLASSES[args.model_type][2].from_pretrained(args.model_name_or_path)
