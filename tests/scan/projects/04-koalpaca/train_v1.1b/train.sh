# A100 4장
torchrun --nproc_per_node=4 run_clm.py \
--model_name_or_path='EleutherAI/polyglot-ko-12.8b' \
--train_file='rows.json' \
--deepspeed=ds_zero3-nooffload.json \
--output_dir='polyglot-12.8b-koalpaca-v1.1b' \
--run_name='polyglot-12.8b-koalpaca-v1.1b-ga64'
