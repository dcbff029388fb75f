HELP = """
  $ lm-eval run --model hf --model_args pretrained=gpt2 --tasks hellaswag
"""
