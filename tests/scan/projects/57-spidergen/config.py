# one sentence model and one language model
openai_api_key = ''
model_config = dict({
    'roles': ['embedding_transformer', 'llm'],
    'model_names': ['all-mpnet-base-v2', 'o3'],
    'sources': ['sentence_transformer', 'openai']
})
