from transformers import Wav2Vec2ForCTC, Wav2Vec2Processor

DEFAULT_ALIGN_MODELS_TORCH = {
    "en": "WAV2VEC2_ASR_BASE_960H",
}

DEFAULT_ALIGN_MODELS_HF = {
    "ja": "jonatasgrosman/wav2vec2-large-xlsr-53-japanese",
    "ko": "kresnik/wav2vec2-large-xlsr-korean",
    "vi": 'nguyenvulebinh/wav2vec2-base-vi-vlsp2020',
}


def load_align_model(language, cache):
    if language in DEFAULT_ALIGN_MODELS_HF:
        model_name = DEFAULT_ALIGN_MODELS_HF[language]
    processor = Wav2Vec2Processor.from_pretrained(model_name, cache_dir=cache)
    return processor, Wav2Vec2ForCTC.from_pretrained(model_name, cache_dir=cache)
