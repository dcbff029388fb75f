batch_size = 8
eval_only = True
init_from = 'gpt2-xl'
