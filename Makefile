# Two commands for everybody: `make serve` and `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: serve test bench lint docs model clean

serve: $(VENV)/.ready  ## set up, index, open the chat page
	$(BIN)/guide serve

# Two at a time, on one core each; a file's tests together. In this order browsers come last: the
# loop that Playwright leaves running in a process lets no other be run there.
test: $(VENV)/.ready-dev  ## set up, run all tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/.ready-dev  ## measure speed, memory and the embedding model
	$(BIN)/python -m evals.speed_benchmark
	$(BIN)/python -m evals.service_benchmark

lint: $(VENV)/.ready-dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.ready-docs  ## build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

model: $(VENV)/.ready-dev  ## train the embedding model anew
	$(BIN)/python -m index.training

clean:
	rm -rf $(VENV) build dist site *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.ready-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.ready

$(VENV)/.ready-docs: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@
