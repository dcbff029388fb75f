class GPT:
    @classmethod
    def from_pretrained(cls, model_type, override_args=None):
        from transformers import GPT2LMHeadModel

        sizes = {
            'gpt2': dict(n_layer=12),
            'gpt2-medium': dict(n_layer=24),
        }[model_type]
        theirs = GPT2LMHeadModel.from_pretrained(model_type)
        return cls(sizes, theirs)
