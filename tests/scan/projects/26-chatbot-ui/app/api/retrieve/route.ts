export async function POST(openai: any, input: string) {
  return openai.embeddings.create({
    model: "text-embedding-3-small",
    input
  })
}
