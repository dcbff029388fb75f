from sentence_transformers import SentenceTransformer

# 한 번만 읽습니다
model = SentenceTransformer("jhgan/ko-sroberta-multitask")


def get_embedding(text):
    """문장을 벡터(768차원)로 바꿉니다."""
    return model.encode(text)
