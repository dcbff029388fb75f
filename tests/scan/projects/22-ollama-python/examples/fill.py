from ollama import embed, generate

generate(
  model='codellama:7b-code',
  prompt='def f',
  options={'stop': ['<EOT>']},
)
embed(model='llama3.2', input='Hello')
generate(model='x/z-image-turbo', prompt='a cat', stream=True)
