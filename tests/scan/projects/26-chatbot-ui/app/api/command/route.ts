import OpenAI from "openai"

export async function POST(request: Request) {
  const openai = new OpenAI()
  return openai.chat.completions.create({
    model: "gpt-4-1106-preview",
    messages: [{ role: "user", content: "hi" }],
    max_tokens: LIMITS["gpt-4-turbo-preview"].MAX
  })
}
