AWS_REGION="us-west-2"
MODEL_ID="anthropic.claude-3-sonnet-20240229-v1:0"
MODEL_PARAMETERS={
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 4096,
}

# MODEL_ID="anthropic.claude-v2"
