def handle(args):
    model_map = {
        "opus": "claude-3-opus-20240229",
        "sonnet": "anthropic/claude-3-7-sonnet-20250219",
        "4o": "gpt-4o",
        "deepseek": "deepseek/deepseek-chat",
    }
    for short, model_name in model_map.items():
        if getattr(args, short):
            args.model = model_name
