def test_chat():
    service_name = "hf-qwen-chat"
    return V1beta1ModelSpec(
        model_format=V1beta1ModelFormat(name="huggingface"),
        args=[
            "--model_id",
            "Qwen/Qwen2-0.5B-Instruct",
            "--model_name",
            "qwen-chat",
        ],
    )
