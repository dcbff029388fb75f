"""How real projects write what they use: each of these is written so in many, with names of its own."""

import pytest

from kg.scan.finding import FindingKind
from tests.scan.finds import finds, names

KNOWN: dict[str, FindingKind] = {"Qwen/Qwen3-8B": "model", "gpt-4": "model", "gpt2": "model"}


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", "model_ckpt = 'wow1/bar9'\n", ["wow1/bar9"]),
        (
            "a.py",
            "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  embedding_model: str = Field(default='intfloat/multilingual-e5-base', description='x')\n  llm: str = 'wow1/bar9'\n",
            ["intfloat/multilingual-e5-base", "wow1/bar9"],
        ),
        (
            "a.py",
            "class M(str, Enum):\n  GPT4O = 'gpt-4o'\n  SONNET = 'claude-3-5-sonnet-20241022'\n",
            ["gpt-4o", "claude-3-5-sonnet-20241022"],
        ),
        (
            "a.py",
            "parser.add_argument('--model', type=str, choices=['gpt-4o','gpt-4o-mini'], default='gpt-4o')\n",
            ["gpt-4o", "gpt-4o-mini"],
        ),
        (
            "a.py",
            "p.add_argument('-m','--model_name',default='monologg/kobert')\n",
            ["monologg/kobert"],
        ),
        (
            "a.py",
            "from ollama import Client\nc = Client(host='x')\nc.chat(model='gemma3', messages=[])\nc.generate('qwen3', 'x')\n",
            ["gemma3", "qwen3"],
        ),
        (
            "a.py",
            "from ollama import AsyncClient\nasync def f():\n  await AsyncClient().chat(model='llama3.2')\n",
            ["llama3.2"],
        ),
        (
            "a.py",
            "import ollama\nollama.embed(model='nomic-embed-text', input='x')\nollama.list()\n",
            ["nomic-embed-text"],
        ),
        ("a.py", "if model == 'gpt-4o':\n  pass\n", []),
        ("a.py", "PRICES = {'gpt-4o': 1.0}\n", []),
        (
            "a.py",
            "MODELS = {'small': 'Qwen/Qwen3-8B', 'x': 'wow1/bar9'}\n",
            ["Qwen/Qwen3-8B", "wow1/bar9"],
        ),
        (
            "a.py",
            "from transformers import TFAutoModel\nM = TFAutoModel.from_pretrained('beomi/kcbert-base', from_pt=True)\n",
            ["beomi/kcbert-base"],
        ),
        (
            "a.py",
            "from kobert_tokenizer import KoBERTTokenizer\nt = KoBERTTokenizer.from_pretrained('skt/kobert-base-v1')\n",
            ["skt/kobert-base-v1"],
        ),
        (
            "a.py",
            "from transformers import *\ntok = PreTrainedTokenizerFast.from_pretrained('skt/kogpt2-base-v2', bos_token='</s>')\n",
            ["skt/kogpt2-base-v2"],
        ),
        ("a.py", "dspy.configure(lm=dspy.LM('openai/gpt-4o-mini'))\n", ["openai/gpt-4o-mini"]),
        (
            "a.py",
            "from haystack.components.embedders import SentenceTransformersTextEmbedder as E\nE(model='BAAI/bge-large-en-v1.5')\n",
            ["BAAI/bge-large-en-v1.5"],
        ),
        (
            "a.py",
            "from llama_index.core import Settings\nfrom llama_index.llms.openai import OpenAI\nSettings.llm = OpenAI(model='gpt-3.5-turbo')\nSettings.embed_model = 'local:BAAI/bge-small-en-v1.5'\n",
            ["gpt-3.5-turbo", "local:BAAI/bge-small-en-v1.5"],
        ),
        (
            "a.py",
            "from unsloth import FastLanguageModel\nmodel, tok = FastLanguageModel.from_pretrained(model_name='unsloth/llama-3-8b-bnb-4bit')\n",
            ["unsloth/llama-3-8b-bnb-4bit"],
        ),
        (
            "a.py",
            "from ctransformers import AutoModelForCausalLM\nAutoModelForCausalLM.from_pretrained('TheBloke/Llama-2-7B-GGML', model_file='llama-2-7b.q4_0.bin')\n",
            ["TheBloke/Llama-2-7B-GGML"],
        ),
        (
            "a.py",
            "from gpt4all import GPT4All\nGPT4All('orca-mini-3b-gguf2-q4_0.gguf')\n",
            ["orca-mini-3b-gguf2-q4_0.gguf"],
        ),
        (
            "a.py",
            "from llama_cpp import Llama\nLlama(model_path='./models/7B/llama-model.gguf')\n",
            ["models/7B/llama-model.gguf"],
        ),
        (
            "a.py",
            "hub = {'HF_MODEL_ID':'google/flan-t5-xl', 'HF_TASK':'text2text'}\nHuggingFaceModel(env=hub)\n",
            ["google/flan-t5-xl"],
        ),
        (
            "a.py",
            "from sagemaker.jumpstart.model import JumpStartModel\nJumpStartModel(model_id='meta-textgeneration-llama-2-7b')\n",
            ["meta-textgeneration-llama-2-7b"],
        ),
        (
            "a.py",
            "bedrock.invoke_model(modelId='anthropic.claude-3-sonnet-20240229-v1:0', body=b)\n",
            ["anthropic.claude-3-sonnet-20240229-v1:0"],
        ),
        (
            "a.py",
            "from optimum.intel import OVModelForCausalLM\nOVModelForCausalLM.from_pretrained('OpenVINO/phi-2-fp16-ov')\n",
            ["OpenVINO/phi-2-fp16-ov"],
        ),
        (
            "a.py",
            "from mlx_lm import load, generate\nmodel, tok = load('mlx-community/Mistral-7B-Instruct-v0.3-4bit')\n",
            ["mlx-community/Mistral-7B-Instruct-v0.3-4bit"],
        ),
        (
            "a.py",
            "import bentoml\n@bentoml.service\nclass S:\n  model_ref = bentoml.models.HuggingFaceModel('wow1/bar9')\n",
            ["wow1/bar9"],
        ),
        ("a.py", "import tiktoken\ntiktoken.encoding_for_model('gpt-4o')\n", []),
        ("a.py", "ds = load_dataset('glue', 'sst2')\n", []),
        (
            "a.py",
            "from datasets import load_dataset\nds = load_dataset('glue', 'sst2')\nfor n in ['wow1/bar8','x/y']:\n  load_dataset(n)\n",
            ["glue", "wow1/bar8", "x/y"],
        ),
        ("a.py", "model = whisperx.load_model('large-v2', 'cuda')\n", ["large-v2"]),
        ("a.py", "import whisper\nm = whisper.load_model('base')\n", ["base"]),
        ("a.py", "def f(model: str = 'gpt-4o-mini', x=1): ...\n", ["gpt-4o-mini"]),
        ("a.py", "agent = Agent('openai:gpt-4o', deps_type=X)\n", ["openai:gpt-4o"]),
        (
            "a.py",
            "from smolagents import CodeAgent, InferenceClientModel\nCodeAgent(model=InferenceClientModel(model_id='meta-llama/Llama-3.3-70B-Instruct'))\n",
            ["meta-llama/Llama-3.3-70B-Instruct"],
        ),
        ("a.py", "kernel.add_service(OpenAIChatCompletion(ai_model_id='gpt-4o'))\n", ["gpt-4o"]),
        (
            "a.py",
            "app = Image.debian_slim().run_commands('huggingface-cli download wow1/bar9')\n",
            ["wow1/bar9"],
        ),
        (
            "a.py",
            "subprocess.Popen(['python','-m','vllm.entrypoints.openai.api_server','--model','wow1/bar9'])\n",
            ["wow1/bar9"],
        ),
        ("a.py", "resp = requests.post(url, json={'model': 'llama3', 'prompt': p})\n", ["llama3"]),
        (
            "a.py",
            "API_URL = 'https://api-inference.huggingface.co/models/wow1/bar9'\n",
            ["wow1/bar9"],
        ),
        (
            "a.py",
            "# Qwen/Qwen3-8B at https://huggingface.co/Qwen/Qwen3-8B\nmodel=None\n'''see https://huggingface.co/a1/b1'''\n",
            [],
        ),
        (
            "a.py",
            "import en_core_web_sm\nnlp = en_core_web_sm.load()\n",
            ["en_core_web_sm", "en_core_web_sm"],
        ),
        (
            "a.py",
            "from keybert import KeyBERT\nkw = KeyBERT('all-MiniLM-L6-v2')\nKeyBERT(model='distilbert-base-nli-mean-tokens')\n",
            ["all-MiniLM-L6-v2", "distilbert-base-nli-mean-tokens"],
        ),
        (
            "a.py",
            "self.model = timm.create_model('vit_base_patch16_224', pretrained=True)\n",
            ["vit_base_patch16_224"],
        ),
        (
            "a.py",
            "image_name='ollama/ollama:latest'\nrepo='openai/whisper'\nmime='application/x-tar'\n",
            [],
        ),
        (
            "a.py",
            "@pytest.mark.parametrize('model', ['wow1/bar9','wow1/baz9'])\ndef f(model): ...\n",
            ["wow1/bar9", "wow1/baz9"],
        ),
        (
            "a.py",
            "flags.DEFINE_string('model_name','wow1/bar9','help')\nm = typer.Option('gpt-4o','--model')\n",
            ["wow1/bar9", "gpt-4o"],
        ),
        (
            "a.py",
            "llm = st.selectbox('Model', ['gpt-4o','gpt-4o-mini'])\n",
            ["gpt-4o", "gpt-4o-mini"],
        ),
        (
            "a.py",
            "MODEL_ID='TheBloke/Llama-2-7b-Chat-GGUF'\nMODEL_BASENAME = 'llama-2-7b-chat.Q4_K_M.gguf'\n",
            ["TheBloke/Llama-2-7b-Chat-GGUF", "llama-2-7b-chat.Q4_K_M.gguf"],
        ),
        (
            "a.py",
            "load_model('monologg/kobert')\nkeras.models.load_model('out.h5')\n",
            ["monologg/kobert"],
        ),
        (
            "a.py",
            "arn = 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0'\n",
            ["anthropic.claude-3-haiku-20240307-v1:0"],
        ),
        (
            "a.py",
            "u='https://generativelanguage.googleapis.com/v1beta/models/gemini-1.5-flash:generateContent'\n",
            ["gemini-1.5-flash"],
        ),
        (
            "a.py",
            'def f():\n  """gpt-4o\n  https://huggingface.co/wow1/bar9\n  """\n  raise ValueError(\'gpt-4o\')\n',
            [],
        ),
        (
            "a.py",
            "class C:\n  def __init__(self, model_path='wow1/bar9', rank=8): self.m = model_path\nC('klue/bert-base')\n",
            ["wow1/bar9", "klue/bert-base"],
        ),
        ("a.py", "x = get('model', None)\nlog('engine','diesel')\nchoice('model','linear')\n", []),
        (
            "utils.py",
            "MODEL_PATH_MAP = {\n 'kobert': 'monologg/kobert',\n 'bert':'bert-base-multilingual-cased'}\n",
            ["monologg/kobert", "bert-base-multilingual-cased"],
        ),
        ("a.py", "OLLAMA_MODEL='mistral'\nllm=ChatOllama(model=OLLAMA_MODEL)\n", ["mistral"]),
        (
            "a.py",
            "simple_evaluate(model='hf', model_args='pretrained=EleutherAI/pythia-14m,dtype=auto')\n",
            ["EleutherAI/pythia-14m"],
        ),
        (
            "a.py",
            "p.add_argument('-m','--model',default='../models/7B/ggml-models.bin')\na=p.parse_args()\nllama_cpp.Llama(model_path=a.model)\n",
            ["../models/7B/ggml-models.bin"],
        ),
    ],
)
def test_python(name: str, text: str, found: list[str]) -> None:
    assert sorted(names(text, name, KNOWN.get)) == sorted(found)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        (
            "a.ts",
            "export const MODELS = [\n  { id: 'gpt-4o', name: 'GPT-4o' },\n  { value: \"claude-3-5-sonnet-20241022\", label: 'Claude' },\n];\n",
            ["gpt-4o", "claude-3-5-sonnet-20241022"],
        ),
        (
            "a.ts",
            "const m: Record<string,string> = {\n  fast: 'gpt-4o-mini',\n  'x': \"meta-llama/Llama-3.1-8B-Instruct\",\n};\n",
            ["gpt-4o-mini", "meta-llama/Llama-3.1-8B-Instruct"],
        ),
        (
            "a.ts",
            "export type ModelId = 'claude-sonnet-4-6' | 'gpt-5-mini';\nswitch (x) { case 'gpt-4o': break; }\nif (m === 'gpt-4o') {}\n",
            ["claude-sonnet-4-6", "gpt-5-mini"],
        ),
        (
            "a.ts",
            "import { x } from 'wow1/bar-7b';\n// model: 'gpt-4o'\n/* model: 'gpt-4o' */\n",
            [],
        ),
        (
            "a.ts",
            "const t = await pipeline(\n  'automatic-speech-recognition',\n  'Xenova/whisper-tiny.en',\n);\n",
            ["Xenova/whisper-tiny.en"],
        ),
        (
            "a.ts",
            "model: wrap({ model: gateway.languageModel('xai/grok-2-vision-1212') })\nopenai.embedding('text-embedding-3-small')\n",
            ["xai/grok-2-vision-1212", "text-embedding-3-small"],
        ),
        (
            "a.tsx",
            '<Select defaultValue="gpt-4o" /><Foo model="mistral-large-latest" />\n',
            ["gpt-4o", "mistral-large-latest"],
        ),
        (
            "a.go",
            'var models = map[string]string{\n\t"a": "gpt-4o",\n}\nopts := []string{"--model", "wow1/bar9"}\nllm, _ := ollama.New(ollama.WithModel("llama2"))\nopenai.GPT4o\n',
            ["gpt-4o", "wow1/bar9", "llama2"],
        ),
        (
            "A.java",
            'OllamaChatModel.builder().modelName("llama3:latest").build();\nOpenAiChatModel.builder().modelName("gpt-4o-mini")\n',
            ["llama3:latest", "gpt-4o-mini"],
        ),
        (
            "a.rs",
            'let api = Api::new()?.model("TinyLlama/TinyLlama-1.1B-Chat-v1.0".to_string());\nlet a = client.agent("gpt-4o").build();\nlet r = api.repo(Repo::with_revision("lmz/candle-stable-lm".into(), RepoType::Model, rev));\n',
            ["TinyLlama/TinyLlama-1.1B-Chat-v1.0", "gpt-4o", "lmz/candle-stable-lm"],
        ),
        (
            "a.rb",
            "RubyLLM.chat(model: 'gpt-4o-mini')\n chat.with_model('claude-3-7-sonnet-20250219')\n",
            ["gpt-4o-mini", "claude-3-7-sonnet-20250219"],
        ),
        (
            "a.R",
            'chat <- chat_openai(model = "gpt-4o")\nchat_ollama(model="llama3.2")\n',
            ["gpt-4o", "llama3.2"],
        ),
        (
            "a.cs",
            'builder.AddOpenAIChatCompletion("gpt-4o", apiKey);\nvar m = "gpt-4o-mini";\n',
            ["gpt-4o", "gpt-4o-mini"],
        ),
        ("a.php", "$client->chat()->create(['model' => 'gpt-4o']);\n", ["gpt-4o"]),
        (
            "a.swift",
            'let config = ModelConfiguration(id: "mlx-community/Llama-3.2-1B-Instruct-4bit")\n',
            ["mlx-community/Llama-3.2-1B-Instruct-4bit"],
        ),
        (
            "main.tf",
            'environment = {\n  HF_MODEL_ID = "google/flan-t5-xxl"\n  MODEL = var.x\n}\n',
            ["google/flan-t5-xxl"],
        ),
        (
            "a.sql",
            "INSERT INTO t VALUES ('gpt-4-turbo-preview', 1); -- 'gpt-4o-mini'\n",
            ["gpt-4-turbo-preview"],
        ),
        (
            "arg.cpp",
            'params.model.hf_repo = "ggml-org/bge-small-en-v1.5-Q8_0-GGUF";\n',
            ["ggml-org/bge-small-en-v1.5-Q8_0-GGUF"],
        ),
        (
            "a.html",
            '<option value="gpt-4o">GPT</option><!-- <option value="gpt-4o-mini"> -->\n',
            ["gpt-4o"],
        ),
    ],
)
def test_other_languages(name: str, text: str, found: list[str]) -> None:
    assert sorted(names(text, name, KNOWN.get)) == sorted(found)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        (
            "application.yml",
            "spring:\n  ai:\n    openai:\n      chat:\n        options:\n          model: gpt-4o\n    ollama:\n      embedding:\n        model: bge-m3\n",
            ["gpt-4o", "bge-m3"],
        ),
        (
            "application.properties",
            "spring.ai.openai.chat.options.model=gpt-4o\nlangchain4j.open-ai.chat-model.model-name=gpt-4o-mini\nquarkus.langchain4j.ollama.chat-model.model-id=llama3.1\n",
            ["gpt-4o", "gpt-4o-mini", "llama3.1"],
        ),
        (
            "values.yaml",
            'servingEngineSpec:\n  modelSpec:\n  - name: "opt125m"\n    repository: "vllm/vllm-openai"\n    tag: latest\n    modelURL: "facebook/opt-125m"\n',
            ["facebook/opt-125m"],
        ),
        (
            "isvc.yaml",
            "spec:\n  predictor:\n    model:\n      modelFormat: {name: huggingface}\n      args:\n        - --model_name=llama3\n        - --model_id=meta-llama/meta-llama-3-8b-instruct\n",
            ["meta-llama/meta-llama-3-8b-instruct"],
        ),
        (
            "isvc.yaml",
            "spec:\n  predictor:\n    model:\n      args:\n        - --model_name=llama3\n      storageUri: hf://meta-llama/meta-llama-3-8b-instruct\n",
            ["meta-llama/meta-llama-3-8b-instruct"],
        ),
        (
            "deploy.yaml",
            'apiVersion: apps/v1\nkind: Deployment\nspec:\n  containers:\n  - name: llama-3-8b\n    image: vllm/vllm-openai:v0.6\n    command: ["/bin/sh","-c"]\n    args: ["vllm serve mistralai/Mistral-7B-Instruct-v0.3 --trust-remote-code --served-model-name gpt-4o"]\n    env:\n    - name: MODEL\n      value: wow1/bar9\n',
            ["mistralai/Mistral-7B-Instruct-v0.3", "wow1/bar9"],
        ),
        (
            "compose.yaml",
            'services:\n  app:\n    models:\n      llm:\n        endpoint_var: X\n    environment:\n      - OPENAI_MODEL=gpt-4o\n  ollama:\n    image: ollama/ollama\n    entrypoint: ["sh","-c","ollama serve & sleep 3 && ollama pull qwen2.5:7b"]\n  tei:\n    image: ghcr.io/huggingface/text-embeddings-inference:cpu-1.5\n    command: --model-id BAAI/bge-m3 --port 80\nmodels:\n  llm:\n    model: hf.co/unsloth/Qwen3-0.6B-GGUF\n',
            ["gpt-4o", "qwen2.5:7b", "BAAI/bge-m3", "unsloth/Qwen3-0.6B-GGUF"],
        ),
        (
            "compose.yml",
            "services:\n  llm:\n    provider:\n      type: model\n      options:\n        model: ai/smollm2\n",
            ["ai/smollm2"],
        ),
        (
            "cfg.yaml",
            "merge_method: ties\nmodels:\n  - model: a1/b+c1/d\n  - model: psmathur/orca_mini_v3_13b\n    parameters: {weight: 1}\nbase_model: TheBloke/Llama-2-13B-fp16\ntokenizer_source: union\n",
            ["a1/b", "c1/d", "psmathur/orca_mini_v3_13b", "TheBloke/Llama-2-13B-fp16"],
        ),
        (
            "task.yaml",
            "task: x\ndataset_path: truthful_qa\ndataset_name: multiple_choice\noutput_type: multiple_choice\n",
            ["truthful_qa"],
        ),
        (
            "rl.yaml",
            "model_name_or_path: wow1/bar9\ndataset_mixer:\n  HuggingFaceH4/ultrachat_200k: 1.0\n  open-r1/x: 0.5\nhub_model_id: me/x-7b\n",
            ["wow1/bar9", "HuggingFaceH4/ultrachat_200k", "open-r1/x"],
        ),
        (
            "lite.yaml",
            'model_list:\n  - model_name: gpt-3.5-turbo\n    litellm_params:\n      model: ollama/llama3\n  - model_name: "*"\n    litellm_params: {model: "anthropic/claude-3-haiku-20240307"}\n',
            ["ollama/llama3", "anthropic/claude-3-haiku-20240307"],
        ),
        (
            "conf.yaml",
            "model:\n  name: klue/roberta-large\n  lr: 1e-5\ndata:\n  path: ./x\nwandb:\n  project: gpt-4o-runs\n",
            ["klue/roberta-large"],
        ),
        (
            "conf.yaml",
            "model:\n  model_name: klue/bert-base\npath:\n  train_path: ../data/train.csv\n",
            ["klue/bert-base"],
        ),
        (
            "c.json",
            '{"llm": {"provider":"openai","config":{"model":"gpt-4o-mini"}},"models":[{"name":"Meta-Llama-3.3-70B-Instruct"}], "embedding_model":{"name":"intfloat/e5-large-v2"}}',
            ["gpt-4o-mini", "intfloat/e5-large-v2", "Meta-Llama-3.3-70B-Instruct"],
        ),
        ("devcontainer.json", '{"postCreateCommand":"ollama pull llama3.2:3b"}', ["llama3.2:3b"]),
        (
            "package.json",
            '{"name":"gpt-4o-chat","scripts":{"dev":"node x.js --model gpt-4o"},"dependencies":{"@xenova/transformers":"2"}}',
            ["gpt-4o"],
        ),
        (
            ".env",
            'MODELS=`[\n  {\n    "name": "mistralai/Mistral-7B-Instruct-v0.2",\n    "displayName": "x",\n  }\n]`\nOPENAI_MODEL = "gpt-4o"\nEMB=text-embedding-3-small\n',
            ["mistralai/Mistral-7B-Instruct-v0.2", "gpt-4o", "text-embedding-3-small"],
        ),
        (
            "run.sh",
            "MODELS=(\n  'Qwen/Qwen2.5-7B-Instruct'\n  wow1/bar9  # mine\n)\nfor m in \"${MODELS[@]}\"; do python eval.py --model $m; done\n",
            ["Qwen/Qwen2.5-7B-Instruct", "wow1/bar9"],
        ),
        (
            "run.sh",
            'BASE_MODEL=${1:-"beomi/KoAlpaca-Polyglot-5.8B"}\npython finetune.py --base_model "$BASE_MODEL" --data-path \'beomi/KoAlpaca-v1.1a\' --output_dir ./x\n',
            ["beomi/KoAlpaca-Polyglot-5.8B", "beomi/KoAlpaca-v1.1a"],
        ),
        (
            "run.sh",
            "torchrun --nproc 8 -m train model.name=wow1/bar9 model_name_or_path=meta-llama/Llama-2-7b-hf\n",
            ["wow1/bar9", "meta-llama/Llama-2-7b-hf"],
        ),
        (
            "run.sh",
            'curl http://localhost:11434/api/pull -d \'{"name": "llama3.2"}\'\ncurl x -d \'{"model": "gemma2:2b"}\'\n',
            ["llama3.2", "gemma2:2b"],
        ),
        (
            "run.sh",
            "docker run -e MODEL_ID=wow1/bar9 -e X=1 img\npython -c \"from transformers import AutoModel; AutoModel.from_pretrained('wow1/baz9')\"\n",
            ["wow1/bar9", "wow1/baz9"],
        ),
        (
            "run.sh",
            "wget https://huggingface.co/TheBloke/Llama-2-7B-GGUF/resolve/main/llama-2-7b.Q4_K_M.gguf\n",
            ["TheBloke/Llama-2-7B-GGUF"],
        ),
        (
            "Dockerfile",
            'FROM python:3.11\nENV MODEL_NAME sentence-transformers/all-MiniLM-L6-v2\nRUN python -c "from sentence_transformers import SentenceTransformer; SentenceTransformer(\'BAAI/bge-base-en-v1.5\')"\nCMD ["--model-id", "wow1/bar9"]\n',
            ["sentence-transformers/all-MiniLM-L6-v2", "BAAI/bge-base-en-v1.5", "wow1/bar9"],
        ),
        (
            "Makefile",
            "MODEL ?= wow1/bar9\nrun:\n\tollama run gemma2:2b\n",
            ["wow1/bar9", "gemma2:2b"],
        ),
        (
            "Modelfile",
            "FROM ./llama-3-8b.Q4.gguf\nADAPTER ./lora.gguf\n",
            ["llama-3-8b.Q4.gguf", "lora.gguf"],
        ),
        ("Modelfile", "# FROM x\nfrom llama3\nPARAMETER temperature 1\n", ["llama3"]),
        (
            "ci.yml",
            "jobs:\n  x:\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with:\n          claude_args: |\n            --model claude-opus-4-5-20251101\n      - run: ollama pull qwen2.5-coder:7b\n        env:\n          MODEL: gpt-4o\n",
            ["claude-opus-4-5-20251101", "qwen2.5-coder:7b", "gpt-4o"],
        ),
        (
            "pyproject.toml",
            "[project]\ndependencies=['en-core-web-sm']\n[tool.aider]\nmodel='gpt-4o'\n",
            ["en_core_web_sm", "gpt-4o"],
        ),
        (
            "requirements.txt",
            "sentence-transformers[onnx]\nen_core_web_sm==3.7\nko-core-news-sm @ https://x\nkonlpy\n",
            ["en_core_web_sm", "ko_core_news_sm"],
        ),
        (".env", "OPENAI_MODELS=gpt-4o,gpt-4o-mini\n", ["gpt-4o", "gpt-4o-mini"]),
        (
            "a.sh",
            "vllm serve wow1/bar9 --enable-lora --lora-modules sql-lora=yard1/llama-2-7b-sql-lora-test\n",
            ["wow1/bar9", "yard1/llama-2-7b-sql-lora-test"],
        ),
        (
            "README.md",
            "---\nbase_model: wow1/bar9\ndatasets:\n- wow1/data9\n---\n# x\n",
            ["wow1/bar9", "wow1/data9"],
        ),
        ("a.toml", "[model]\nname='wow1/bar9'\n[[models]]\nid='gpt-4o'\n", ["wow1/bar9", "gpt-4o"]),
        ("a.ini", "[model]\nmodel_name = wow1/bar9\n", ["wow1/bar9"]),
        ("models.txt", "wow1/bar9\ngpt-4o\n", ["wow1/bar9", "gpt-4o"]),
        (
            "docker-compose.yml",
            "services:\n  a:\n    image: x\n    command: generate.py --load_8bit --base_model 'decapoda-research/llama-7b-hf' --lora_weights 'tloen/alpaca-lora-7b'\n",
            ["decapoda-research/llama-7b-hf", "tloen/alpaca-lora-7b"],
        ),
        (
            "values.yaml",
            "ollama:\n  models:\n    pull:\n      - mistral\n      - llama2\n",
            ["mistral", "llama2"],
        ),
    ],
)
def test_settings_and_commands(name: str, text: str, found: list[str]) -> None:
    assert sorted(names(text, name, KNOWN.get)) == sorted(found)


def test_a_data_set_that_the_graph_knows_is_one_where_nothing_says_so() -> None:
    assert finds("We used allenai/c4.", "README.md", {"allenai/c4": "dataset"}.get) == [
        (1, "allenai/c4", "dataset", "text")
    ]
