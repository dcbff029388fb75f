#!/bin/bash
DATA_DIR="data/klue_benchmark"  # https://github.com/KLUE-benchmark/KLUE
VERSION="v1.1"

for model_name in "klue/bert-base" "klue/roberta-small"; do
    python run_klue.py train --task ynat --data_dir ${DATA_DIR}/ynat-${VERSION} --model_name_or_path ${model_name}
done

python run_klue.py train --task ynat --model_name_or_path klue/roberta-large --learning_rate 5e-5
