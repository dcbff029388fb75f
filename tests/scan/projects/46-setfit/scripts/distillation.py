from datasets import load_dataset


def rows(dataset):
    return load_dataset(f"SetFit/{dataset}", split="train")
