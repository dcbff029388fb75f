from langchain_ollama import ChatOllama, OllamaEmbeddings


def build(path):
    EMBEDDING_MODEL = "bge-m3"
    vectors = OllamaEmbeddings(model=EMBEDDING_MODEL)
    prompt = load_prompt("prompts/rag-exaone.yaml", encoding="utf-8")
    llm = ChatOllama(
        model="exaone",
        temperature=0,
    )
    return vectors, prompt, llm
