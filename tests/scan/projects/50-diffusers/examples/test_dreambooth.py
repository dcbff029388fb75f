from diffusers import DiffusionPipeline, UNet2DConditionModel


def test_resume(tmpdir):
    unet = UNet2DConditionModel.from_pretrained(tmpdir, subfolder="checkpoint-2/unet")
    return DiffusionPipeline.from_pretrained(tmpdir, unet=unet)
