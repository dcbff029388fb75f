const job = await openai.fineTuning.jobs.create({
  training_file: trainingFile.id,
  model: "gpt-4o-mini-2024-07-18",
});
const tuned = job.fine_tuned_model;
await openai.chat.completions.create({
  model: tuned,
  messages: [],
});
