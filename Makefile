# Two commands to know: make run, make test (and make test-slow for what takes long, such as the
# browser and the W3C suites). They install what they need into .venv first,
# with uv where it is present, else with pip; only python3 (3.11 or newer) and pip are needed.
.PHONY: run test test-slow lint messages changelog browser shots lighthouse checkers audit-packages clients servers bench eval-search eval-licenses eval-linking eval-bases eval-fingerprints eval-names eval-sources eval-scan picture lock clean

V  := .venv
UV := $(shell command -v uv 2>/dev/null)
PY := python3

run: $(V)/ready
	@$(V)/bin/gyebo build
	$(V)/bin/gyebo serve

test: $(V)/ready
	$(V)/bin/python -m pytest -n auto --dist worksteal

test-slow: $(V)/ready clients
	$(V)/bin/python -m pytest -n auto --dist worksteal -m slow

# Linked-data clients of other people for tests/clients: from npm where it is, and PyLD; without them those tests are
# skipped with a reason.
clients: build/clients/ready
build/clients/ready: tests/clients/package.json tests/clients/requirements.txt
	@mkdir -p build/clients && cp tests/clients/package.json build/clients/
	-$(PY) -m pip --disable-pip-version-check install --quiet --upgrade --target build/clients/site \
	  -r tests/clients/requirements.txt
	-if command -v npm >/dev/null; then cd build/clients && npm install --silent --no-package-lock \
	  --no-audit --no-fund --ignore-scripts; else echo "no npm: clients of JavaScript are not tried"; fi
	@touch $@

lint: $(V)/ready
	$(V)/bin/ruff check .
	$(V)/bin/ruff format --check .
	$(V)/bin/mypy
	$(V)/bin/lint-imports

messages: $(V)/ready
	$(V)/bin/python -m tests.genmessages

eval-search: $(V)/ready
	$(V)/bin/python -m tests.search.evaluate --kinds

eval-licenses: $(V)/ready
	$(V)/bin/python -m tests.licenses.evaluate --write
	$(V)/bin/python -m tests.licenses.questions

eval-linking: $(V)/ready
	$(V)/bin/python -m tests.linking.evaluate

eval-bases: $(V)/ready
	$(V)/bin/python -m tests.bases.evaluate

eval-fingerprints: $(V)/ready
	$(V)/bin/python -m tests.fingerprints.evaluate --write

eval-names: $(V)/ready
	$(V)/bin/python -m tests.names.evaluate

eval-sources: $(V)/ready
	$(V)/bin/python -m tests.sources.evaluate --write

eval-scan: $(V)/ready
	$(V)/bin/python -m tests.scan.evaluate

picture: $(V)/ready
	$(V)/bin/python -m tests.picture

# Every bench in one run, and bench.json with the targets. N=100000 for another size, SIZES=10000,100000 for several,
# ONLY=search,http for some, FOLDER=dir to keep what was built and go on with it. Debian's wrk asks the server where it is
# installed, virtuoso-opensource is measured where it is.
bench: $(V)/bench/ready
	$(V)/bin/python -m tests.bench --size $(or $(N),10000) --sizes '$(SIZES)' --only '$(ONLY)' $(if $(FOLDER),--folder $(FOLDER))

# Oxigraph's server, for the tests that ask one elsewhere; Debian's virtuoso-opensource is asked where it is installed.
servers: $(V)/bench/ready

# Servers of other people, in an environment of their own: what they need is not what the program needs.
$(V)/bench/ready: $(V)/ready pyproject.toml
	$(PY) -m venv --without-pip $(V)/bench
	$(PY) -m pip --python $(V)/bench/bin/python --disable-pip-version-check install --quiet \
	  $$($(V)/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["bench"])')
	@touch $@

# The fragments of docs/changes, put together under the version of kg/version.py.
changelog: $(V)/ready
	$(V)/bin/towncrier build --yes --version "$$($(V)/bin/python -c 'from kg.version import __version__; print(__version__)')"

# Versions and hashes, no addresses: the lock works with any mirror.
lock: $(V)/ready
	$(PY) -m pip --python $(V)/bin/python --disable-pip-version-check install --quiet uv
	$(V)/bin/uv pip compile --quiet --generate-hashes --universal --no-header --no-annotate \
	  --no-emit-index-url --group dev -o requirements.lock pyproject.toml
	$(V)/bin/uv pip compile --quiet --generate-hashes --universal --no-header --no-annotate \
	  --no-emit-index-url --group browser -o tests/browser/requirements.lock
	$(V)/bin/uv pip compile --quiet --generate-hashes --universal --no-header --no-annotate \
	  --no-emit-index-url --constraint requirements.lock --group image --extra shared --extra signed -o image.lock pyproject.toml

# What tests/browser needs besides Debian's chromium.
browser: $(V)/ready
ifdef UV
	uv pip install --quiet --python $(V)/bin/python --require-hashes -r tests/browser/requirements.lock
else
	$(PY) -m pip --python $(V)/bin/python --disable-pip-version-check install --quiet \
	  --require-hashes -r tests/browser/requirements.lock
endif

# Pictures of every kind of page in tests/browser/shots/look, of the snapshot in var/; ONLY=model,terms for some.
comma := ,
shots: browser
	$(V)/bin/python -m tests.shots $(subst $(comma), ,$(ONLY))

# Lighthouse's four scores of the main pages, of the snapshot in var/. Some minutes: not part of CI.
lighthouse: $(V)/ready
	@mkdir -p build/lighthouse && cp tests/browser/package.json build/lighthouse/
	-if command -v npm >/dev/null; then cd build/lighthouse && npm install --silent --no-package-lock \
	  --no-audit --no-fund --ignore-scripts; else echo "no npm: Lighthouse is not installed"; fi
	$(V)/bin/python -m tests.lighthouse $(subst $(comma), ,$(ONLY))

# What tests/export/test_bom_checkers.py runs, apart from what the program needs: a checker of SPDX, and where npm is a
# validator of CycloneDX.
checkers: $(V)/ready
	$(PY) -m venv --without-pip $(V)/checkers
	$(PY) -m pip --python $(V)/checkers/bin/python --disable-pip-version-check install --quiet \
	  $$($(V)/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["checkers"])')
	if command -v npm >/dev/null; then npm install --silent --no-save --prefix $(V)/checkers \
	  @cyclonedx/cyclonedx-library@10 ajv@8 ajv-formats@3 ajv-formats-draft2019@1; fi

# Known vulnerabilities of what requirements.lock names, as the package index tells them. A mirror that tells none fails
# (--strict), as it would otherwise say that there are none; so CI, which works with mirrors, does not run it.
audit-packages: $(V)/ready
	$(PY) -m venv --without-pip $(V)/audit
	$(PY) -m pip --python $(V)/audit/bin/python --disable-pip-version-check install --quiet 'pip-audit>=2.9'
	$(V)/audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

clean:
	rm -rf $(V) var dist build .mypy_cache .pytest_cache .ruff_cache

# Bytecode is compiled here, as pip does by itself for packages: else the first of each process would do it.
# Debian's python3 has neither ensurepip nor leave for plain pip; a venv without pip and
# pip --python need neither.
$(V)/ready: pyproject.toml requirements.lock
	@echo "installing into $(V) …"
ifdef UV
	uv venv --quiet --allow-existing --python $(PY) $(V)
	uv pip install --quiet --compile-bytecode --python $(V)/bin/python --require-hashes -r requirements.lock
	uv pip install --quiet --python $(V)/bin/python --no-deps --no-build-isolation -e .
else
	$(PY) -m venv --without-pip $(V)
	$(PY) -m pip --python $(V)/bin/python --disable-pip-version-check install --quiet \
	  --require-hashes -r requirements.lock
	$(PY) -m pip --python $(V)/bin/python --disable-pip-version-check install --quiet \
	  --no-deps --no-build-isolation -e .
endif
	$(V)/bin/python -m compileall -q kg web
	@touch $@
