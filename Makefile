# One door for every task; the same on a laptop and in CI.

PYTHON ?= python3

BIN := .venv/bin
STAMP := .venv/installed-from-lock

.PHONY: serve test soak check fix openapi bench bench-large lock clean

serve: $(STAMP)
	@$(BIN)/keypoint serve --watch $(CONTENT) $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

test: $(STAMP)
	$(BIN)/pytest --ignore=tests/node --ignore=tests/faults --ignore=tests/serving --cov --cov-report=term --cov-fail-under=95
	$(BIN)/coverage report --include='api/http/*' --fail-under=100
	$(BIN)/pytest tests/serving tests/faults
	@if command -v node > /dev/null; then $(BIN)/pytest tests/node; \
	elif [ -n "$$CI" ]; then echo "node is not here, and CI needs it"; exit 1; \
	else echo "node is not here: the tests in tests/node are left out"; fi

# The long forms of the tests with real faults: about ten minutes.
soak: $(STAMP)
	KEYPOINT_SOAK=1 timeout 1500 $(BIN)/pytest tests/faults

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python docs/generate.py --check
	$(BIN)/openapi-spec-validator openapi.yaml
	$(BIN)/pytest -q tests/docs/test_generated.py tests/docs/test_links.py

fix: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

openapi: $(STAMP)
	$(BIN)/python docs/generate.py

bench: $(STAMP)
	$(BIN)/python -m benchmarks.serve
	$(BIN)/python -m benchmarks.publish

# The claimed figures: about ten minutes, and 10 GB of memory for Hugo.
bench-large: $(STAMP)
	$(BIN)/python -m benchmarks.publish 100000
	$(BIN)/python -m benchmarks.stall
	$(BIN)/python -m benchmarks.memory

# The stamp holds the lock that was installed, and is written last: what was interrupted is redone.
$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Keypoint needs Python 3.11 or newer; give it as PYTHON=…")'
	@if cmp -s requirements.lock $(STAMP); then touch $(STAMP); else $(MAKE) --no-print-directory install; fi

.PHONY: install
install:
	@echo "Setting up, once, in less than a minute. 1/3: a new .venv"
	@$(PYTHON) -m venv --clear .venv
	@echo "2/3: the libraries of requirements.lock"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@echo "3/3: Keypoint itself"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@cp requirements.lock $(STAMP)

lock:
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv
	.venv-lock/bin/uv pip compile pyproject.toml --group dev --python-version 3.11 --universal \
		--generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --quiet --upgrade --output-file requirements.lock

clean:
	rm -rf .venv .venv-lock .keypoint .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage tests/node/node_modules
