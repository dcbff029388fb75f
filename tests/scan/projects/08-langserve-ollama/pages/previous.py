from langchain_community.embeddings import HuggingFaceEmbeddings


def embed(path):
    model_name = "BAAI/bge-m3"
    # llm = ChatOpenAI(
    #     model="teddylee777/EEVE-Korean-Instruct-10.8B-v1.0-gguf",
    # )
    return HuggingFaceEmbeddings(
        model_name=model_name,
        model_kwargs={"device": "mps"},
    )
