from sentence_transformers import SentenceTransformer, models

model_name = "skt_kobert_model_"
save_to = 'output/training_sts_' + model_name.replace("/", "-")

words = models.Transformer(model_name, isKor=True)
pool = models.Pooling(words.get_word_embedding_dimension(), pooling_mode_mean_tokens=True)
net = SentenceTransformer(modules=[words, pool])

with open('./KorNLUDatasets/KorSTS/tune_dev.tsv', encoding='utf-8') as rows:
    print(rows.readline())
