# as https://docs.vllm.ai/en/latest/deployment/k8s.html says
cat <<END >>llama.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: vllm-meta-llama-server
spec:
  template:
    spec:
      containers:
      - name: vllm
        image: ${ACCOUNT}/vllm:arm64
        command: ["/bin/sh", "-c"]
        args: [
          "vllm serve meta-llama/Llama-3.2-1B-Instruct --max_model_len 2048"
        ]
END
kubectl apply -f llama.yaml
