import argparse

from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

parser = argparse.ArgumentParser(description='대화')
parser.add_argument('--model_params', type=str, default='model_chp/last.ckpt')

TOKENIZER = PreTrainedTokenizerFast.from_pretrained("skt/kogpt2-base-v2",
                                                    bos_token='</s>')


class Talk:
    def __init__(self):
        self.net = GPT2LMHeadModel.from_pretrained('skt/kogpt2-base-v2')
        self.rows = read('Chatbot_data/ChatbotData.csv')
