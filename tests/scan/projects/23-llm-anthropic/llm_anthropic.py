import anthropic
import llm


@llm.hookimpl
def register_models(register):
    # https://docs.anthropic.com/claude/docs/models-overview
    register(
        ClaudeMessages("claude-3-opus-20240229"),
        AsyncClaudeMessages("claude-3-opus-20240229"),
    )
    register(
        ClaudeMessages(
            "claude-3-5-sonnet-latest",
            supports_pdf=True,
        ),
        aliases=("claude-3.5-sonnet",),
    )


class ClaudeMessages(llm.Model):
    def execute(self, prompt):
        client = anthropic.Anthropic()
        return client.messages.create(model=self.claude_model_id, messages=[prompt])
