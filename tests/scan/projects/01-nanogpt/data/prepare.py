import tiktoken
from datasets import load_dataset

enc = tiktoken.get_encoding("gpt2")
jobs = 8

if __name__ == '__main__':
    rows = load_dataset("openwebtext", num_proc=jobs)
