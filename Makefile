# One command for each thing; each installs what it needs into .venv from hash-checked locks.
# Needs only make, git, python3 and python3-venv; no compiler.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED := $(PIP) install --quiet --require-hashes --only-binary :all:
PYTEST_ARGS ?=

.PHONY: demo test lint docs bench validate validation-page nodule-page growth-page attribution-page lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/runtime.stamp
	rm -rf runs/demo
	$(BIN)/exocosm compare hcc-nodule --arm no-tumour-vesicles --out runs/demo

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -m "not validation" $(PYTEST_ARGS)

validate: $(VENV)/test.stamp $(VENV)/bench.stamp
	$(BIN)/python -m pytest -m validation $(PYTEST_ARGS)

lint: $(VENV)/lint.stamp
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports --no-cache

docs: $(VENV)/docs.stamp
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(VENV)/bench.stamp
	$(BIN)/python benchmarks/bench.py

validation-page: $(VENV)/test.stamp
	$(BIN)/python benchmarks/vesicles.py
	$(BIN)/python benchmarks/outcomes.py
	$(BIN)/python benchmarks/assays.py
	$(BIN)/python benchmarks/assay_times.py
	$(BIN)/python benchmarks/directions.py

attribution-page: $(VENV)/test.stamp
	$(BIN)/python benchmarks/attribution.py

nodule-page: $(VENV)/test.stamp
	$(BIN)/python benchmarks/nodule.py

growth-page: $(VENV)/test.stamp
	$(BIN)/python benchmarks/growth.py

# A lock is a complete closure, so that any target can be the first one in a fresh clone; the pins of
# all locks are resolved together, so that a second one changes nothing that the first installed.
$(VENV)/%.stamp: requirements/%.lock pyproject.toml | $(BIN)/python
	@echo "installing the $* packages into $(VENV)"
	$(LOCKED) -r $<
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# For maintainers, with uv at hand: resolve everything together, then cut one lock for each target.
UV ?= uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate \
	--custom-compile-command "make lock" pyproject.toml --group build
LOCKS := runtime test lint docs bench

lock:
	mkdir -p build
	$(COMPILE) $(UPGRADE) --group test --group lint --group docs --group bench -o build/together.txt
	set -e; for name in $(LOCKS); do \
		group=; [ $$name = runtime ] || group="--group $$name"; \
		$(COMPILE) $$group --generate-hashes -c build/together.txt -o requirements/$$name.lock; \
	done

clean:
	rm -rf $(VENV) build dist docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
