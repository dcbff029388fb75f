import { pipeline } from "@xenova/transformers"
import { encode } from "gpt-tokenizer"

export async function embed(content: string) {
  const run = await pipeline(
    "feature-extraction",
    "Xenova/all-MiniLM-L6-v2"
  )
  return run(content, { pooling: "mean" })
}
