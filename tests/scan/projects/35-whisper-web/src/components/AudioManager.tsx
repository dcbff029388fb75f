// https://github.com/openai/whisper/blob/main/whisper/tokenizer.py
const models = {
    'Xenova/whisper-base': [77, 291],
    'distil-whisper/distil-large-v2': [767],
};
const names = Object.keys(models).filter((key) => !key.startsWith('distil-whisper/'));
