from diffusers import FluxTransformer2DModel

CKPT_ID = "black-forest-labs/FLUX.1-dev"
RESULT = "flux.csv"

scenario = dict(
    name=f"{CKPT_ID}-bf16",
    model_cls=FluxTransformer2DModel,
    init={
        "pretrained_model_name_or_path": CKPT_ID,
        "subfolder": "transformer",
    },
)
