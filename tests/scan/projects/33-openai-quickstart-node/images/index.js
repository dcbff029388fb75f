import OpenAI from "openai";
const openai = new OpenAI();

const reply = await openai.images.generate({
  model: "dall-e-3",
  prompt: "A strawberry",
  size: "1024x1024",
});
