"""Python by its syntax tree: calls, constants that are followed, names whose value is a model."""

import pytest

from kg.scan.scan import scan_text
from tests.scan.finds import finds, names

LLAMA = "meta-llama/Llama-3.1-8B"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("from transformers import AutoModel as A\nA.from_pretrained('{}')", "model"),
        ("import transformers as t\nt.pipeline('text-generation', model='{}')", "model"),
        ("from transformers import pipeline\npipeline('text-generation', '{}')", "model"),
        ("from transformers import *\npipeline('x', model='{}')", "model"),
        ("from huggingface_hub import hf_hub_download as d\nd('{}', 'config.json')", "model"),
        ("import huggingface_hub\nhuggingface_hub.snapshot_download(repo_id='{}')", "model"),
        ("snapshot_download('{}', repo_type='dataset')", "dataset"),
        ("import datasets\ndatasets.load_dataset('{}', split='train')", "dataset"),
        ("from peft import PeftModel as P\nP.from_pretrained(base, '{}')", "adapter"),
        ("from sentence_transformers import SentenceTransformer as S\nS('{}')", "model"),
        ("from vllm import LLM\nLLM(model='{}')", "model"),
        ("import vllm\nvllm.LLM('{}')", "model"),
        (
            "from langchain_huggingface import HuggingFaceEmbeddings\nHuggingFaceEmbeddings(model_name='{}')",
            "model",
        ),
        ("import litellm\nlitellm.completion(model='{}', messages=[])", "model"),
        ("client.chat.completions.create(model='{}')", "model"),
        ("import subprocess\nsubprocess.run(['vllm', 'serve', '{}'])", "model"),
        ("import os\nos.system('huggingface-cli download {}')", "model"),
    ],
)
def test_a_call_names_a_model(code: str, kind: str) -> None:
    (found,) = finds(code.format(LLAMA), "a.py")
    assert found[1:3] == (LLAMA, kind) and found[3] in ("call", "command")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (f"M = '{LLAMA}'\ndef f():\n    A.from_pretrained(M)", 1),
        (f"C = {{'m': {{'id': '{LLAMA}'}}}}\nA.from_pretrained(C['m']['id'])", 1),
        (
            f"class C:\n    name = '{LLAMA}'\n    def f(self): return A.from_pretrained(self.name)",
            2,
        ),
        (f"def load(name='{LLAMA}'):\n    return A.from_pretrained(name)", 1),
        (f"def load(x):\n    return A.from_pretrained(x)\nload('{LLAMA}')", 3),
        (f"for m in ['{LLAMA}']:\n    A.from_pretrained(m)", 1),
        (f"for k, m in {{'a': '{LLAMA}'}}.items():\n    A.from_pretrained(m)", 1),
        (f"p.add_argument('--path-x', default='{LLAMA}')\nA.from_pretrained(a.path_x)", 1),
        (f"import os\nA.from_pretrained(os.environ.get('X', '{LLAMA}'))", 2),
        (f"import os\nA.from_pretrained(os.getenv('X') or '{LLAMA}')", 2),
        ("O = 'meta-llama'\nA.from_pretrained(f'{O}/Llama-3.1-8B')", 2),
        ("A.from_pretrained('meta-llama/' + 'Llama-3.1-8B')", 1),
        (f"x = cond and y\nA.from_pretrained(y if cond else '{LLAMA}')", 2),
        (f"if (m := '{LLAMA}'):\n    A.from_pretrained(m)", 1),
    ],
)
def test_a_constant_is_followed_to_where_it_is_written(code: str, line: int) -> None:
    assert finds(code, "a.py") == [(line, LLAMA, "model", "call")]


@pytest.mark.parametrize(
    "code",
    [
        "A.from_pretrained('./out')",
        "A.from_pretrained('/data/models/x')",
        "A.from_pretrained('outputs/final')",
        "A.from_pretrained(args.path)",
        "A.from_pretrained(f'{org}/{name}')",
        "A.from_pretrained('your-org/your-model')",
        "load_dataset('json', data_files='x.json')",
        "model.push_to_hub('me/mine')",
        "api.create_repo(repo_id='me/mine')",
        "model_type = 'text/plain'",
        "model = 'linear'",
        "headers = {'accept': 'application/json'}",
        "def f(model='default'): ...",
    ],
)
def test_what_names_no_model(code: str) -> None:
    assert finds(code, "a.py") == []


def test_a_name_whose_value_is_a_model_is_a_key() -> None:
    code = (
        "DEFAULT_MODEL = 'gpt-4o-mini'\nagent = make(llm='claude-sonnet-4-5', x={'dataset': 'a/b'})"
    )
    assert finds(code, "a.py") == [
        (1, "gpt-4o-mini", "model", "key"),
        (2, "claude-sonnet-4-5", "model", "key"),
        (2, "a/b", "dataset", "key"),
    ]


def test_columns_count_characters_and_a_revision_is_kept() -> None:
    (found,) = scan_text(f"x = '한국어'; A.from_pretrained('{LLAMA}', revision='v1')", "a.py")
    assert (found.column, found.revision) == (31, "v1")


def test_a_call_whose_model_is_known_only_when_it_runs_is_no_finding() -> None:
    assert finds("A.from_pretrained(sys.argv[1])", "a.py") == []


def test_a_file_that_is_no_python_is_searched() -> None:
    code = f"def broken(:\n  A.from_pretrained('{LLAMA}')\nmodel = 'gpt-4o'\n"
    assert [(f[1], f[3]) for f in finds(code, "a.py")] == [(LLAMA, "text"), ("gpt-4o", "text")]


def test_deep_and_odd_files_end() -> None:
    assert names("x = " + "(" * 3000 + ")" * 3000 + "\nmodel = 'gpt-4o'", "a.py") == ["gpt-4o"]
    assert names("a = b\nb = a\nA.from_pretrained(a)", "a.py") == []
    many = "".join(f"m = f'{{m}}{n}'\n" for n in range(200))
    assert names(many + "A.from_pretrained(m)", "a.py") == []


@pytest.mark.parametrize(
    "text",
    [
        "name: str = 'llama3.1-8b'\n    model_id: str = 'wow1/bar9'",
        "x = {'name': 'llama3.1-8b', 'model_name': 'wow1/bar9'}",
        "x = serve(name='llama3.1-8b', model_id='wow1/bar9')",
    ],
)
def test_what_stands_beside_the_id_of_a_model_only_says_how_it_is_called(text: str) -> None:
    assert names(f"class A:\n    {text}\n", "a.py") == ["wow1/bar9"]


@pytest.mark.parametrize("name", ["output_dir", "finetuned_path", "args.save_to", "merged_dir"])
def test_what_a_program_made_itself_is_no_use(name: str) -> None:
    text = f"{name} = 'wow1/bar9-7b'\nAutoModel.from_pretrained(f'{{{name}}}')\n"
    assert names(text, "a.py") == []


def test_a_variable_that_is_printed_is_used_all_the_same() -> None:
    text = (
        "MODEL_ID = 'wow1/bar9'\nprint(MODEL_ID, 'gpt-4o')\nself.assertEqual(MODEL_ID, 'gpt-4')\n"
    )
    assert names(text, "a.py") == ["wow1/bar9"]
    assert names("REPO_ID = 'wow1/bar9'\nmodel.push_to_hub(REPO_ID)\n", "a.py") == []


def test_a_text_that_is_one_variable_stands_where_that_is_set() -> None:
    text = "m = 'wow1/bar9'\nsnapshot_download(f'{m}')\n"
    assert finds(text, "a.py") == [(1, "wow1/bar9", "model", "call")]


def test_settings_in_a_text_are_settings() -> None:
    text = 'W = """\n# x\nembeddings:\n  path: wow1/bert-base\nllm: wow1/bar9\n"""\nP = """Question: a/b\nAnswer: it is wow1/no-7b"""\n'
    assert [(line, what) for line, what, *_ in finds(text, "a.py")] == [
        (4, "wow1/bert-base"),
        (5, "wow1/bar9"),
    ]


def test_settings_in_a_text_with_values_put_in_are_settings() -> None:
    text = 'C = f"""\n    url: {base}\n    llm_model_ids:\n      - "openai-main/gpt-4o-mini"\n"""\n'
    assert [(line, what) for line, what, *_ in finds(text, "a.py")] == [
        (4, "openai-main/gpt-4o-mini")
    ]


def test_calls_to_come_of_mmengine() -> None:
    text = "d = 'wow1/bar9'\nt = dict(type=load_dataset, path=d)\n"
    assert finds(text, "a.py") == [(1, "wow1/bar9", "dataset", "call")]


def test_what_a_key_within_a_table_says_is_no_use_is_none() -> None:
    text = (
        "C = {'_name_or_path': 'wow1/bar9', 'model_type': 'gemma2', 'llm_provider': 'proxy/openai'}"
    )
    assert names(text, "a.py") == ["wow1/bar9"]
