"""The files of a model's folder that say what the model is: the heads of its weights and its settings."""
