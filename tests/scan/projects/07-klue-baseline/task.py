from transformers import AutoTokenizer


def prepare(args, log):
    tok = AutoTokenizer.from_pretrained(
        args.tokenizer_name if args.tokenizer_name else args.model_name_or_path,
    )
    log("train/loss", 0.1)
    return tok, "transformers/pred"
