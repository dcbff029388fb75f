#!/bin/bash
gg_wget models-mnt/open-llama/ https://huggingface.co/openlm-research/open_llama_7b_v2/raw/main/config.json
gg_wget models-mnt/wikitext/ https://huggingface.co/datasets/ggml-org/ci/resolve/main/wikitext-2-raw-v1.zip
(time make -j$(nproc)) 2>&1 | tee -a $OUT/make.log
