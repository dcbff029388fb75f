init_from = 'scratch'  # or 'resume', or one of 'gpt2*'
wandb_project = 'owt'
wandb_run_name = 'gpt2'
dataset = 'openwebtext'

if init_from.startswith('gpt2'):
    net = GPT.from_pretrained(init_from, dict(dropout=0.0))
