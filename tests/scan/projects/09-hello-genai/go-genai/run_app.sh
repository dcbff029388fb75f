#!/bin/bash
export PORT=${PORT:-8080}
export LLM_MODEL_NAME=${LLM_MODEL_NAME:-"llama2"}
export LOG_LEVEL=${LOG_LEVEL:-"INFO"}
