from transformers import pipeline

model_id = 'klue/roberta-base'
run = pipeline("text-classification", model=model_id)
print(run("컴퓨터"))

model_id = 'SamLowe/roberta-base-go_emotions'
run = pipeline("text-classification", model=model_id)

model_id = 'hun3359/klue-bert-base-sentiment'
run = pipeline("text-classification", model=model_id)
print(run("오늘은 월급날이에요!!"))
