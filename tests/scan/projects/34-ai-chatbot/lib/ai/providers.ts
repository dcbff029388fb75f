import { gateway } from "@ai-sdk/gateway";

export function getTitleModel() {
  if (isTest) {
    return ours.languageModel("title-model");
  }
  return gateway.languageModel("google/gemini-2.5-flash-lite");
}
