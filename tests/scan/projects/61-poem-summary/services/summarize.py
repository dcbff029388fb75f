import config
from services.pipeline_cache import load_pipeline

summarizer_model = "facebook/bart-large-cnn"


def summarize(text):
    run = load_pipeline("summarization", summarizer_model)
    return run(text, max_length=config.MAX_LENGTH)
