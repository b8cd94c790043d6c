# The only home of commands. `make` alone lists them.
VENV := .venv
BIN := $(VENV)/bin
SITE := _build/html
PORT := 8000
PYTHON ?= python3
# Names may hold spaces: JupyterLab makes an "Untitled Folder".
SPACES := sed 's/ /\\ /g'
NOTEBOOKS = $(shell find chapters -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' | $(SPACES))
SOURCES := _config.yml _toc.yml index.md $(shell find chapters bncourse book _static _templates -type f \
	-not -path '*/.*' -not -path '*/__pycache__/*' -not -path '*/node_modules/*' | $(SPACES))
# Two busy threads on two shared cores can be ten times slower than one: one thread a process, side by side.
export OMP_NUM_THREADS := 1

# What an old processor makes of the same sums: nothing may depend on how they are rounded.
COMPATIBLE := ATEN_CPU_CAPABILITY=default MKL_CBWR=COMPATIBLE ONEDNN_MAX_CPU_ISA=SSE41 OPENBLAS_CORETYPE=Nehalem

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help book live pdf check test test-compatible lab FORCE serve notebooks solutions evidence measurements \
	replicate bench format clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

book: $(SITE)/index.html  ## build the book (needs no torch)
	@$(BIN)/python -c 'import pathlib as p; print("The book is built: open", p.Path("$(SITE)/index.html").absolute().as_uri())'

live: $(VENV)/.book  ## fetch Python for the browser, once, and build the book with it
	PYTHONPATH=book $(BIN)/python -m live
	@mkdir -p _build && touch _build/live
	@$(MAKE) --no-print-directory book

check: $(VENV)/.check  ## lint, types and the fast tests, in half a minute (needs no torch)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m pytest --quiet --numprocesses 2 --ignore tests/exercises/test_pairs.py \
		tests/test_types.py tests/scratch tests/checker tests/exercises tests/test_statistics.py

test: $(VENV)/.all $(SITE)/index.html  ## lint, unit tests, every notebook executed, the book checked in a browser
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m pytest --numprocesses 2 --nbval --nbval-current-env

test-compatible: $(VENV)/.all  ## every notebook once more, with the arithmetic of an old processor
	$(COMPATIBLE) $(BIN)/python -m pytest --numprocesses 2 --nbval --nbval-current-env chapters

lab: $(VENV)/.all  ## open the chapters in JupyterLab
	$(BIN)/python -m jupyterlab --notebook-dir chapters

serve: book  ## serve the built book on localhost (PORT=8000)
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(SITE) $(PORT)

pdf: book $(VENV)/.all  ## print the whole book to one PDF (needs Chromium; minutes)
	$(BIN)/python book/pdf.py $(SITE) _build/batch-normalization.pdf

notebooks: solutions  ## execute the notebooks and store them in canonical form
	$(BIN)/python book/notebooks.py $(NOTEBOOKS)
	PYTHONPATH=book $(BIN)/python -m live.survey

evidence: $(VENV)/.all  ## compute what is missing or outdated in evidence/ (EXTRA=1: on larger data, too)
	EXTRA=$(EXTRA) $(BIN)/python book/results.py

measurements: $(VENV)/.all  ## measure anew the networks that the explorable of layers draws (some minutes)
	$(BIN)/python book/measured_layers.py

replicate: $(VENV)/.all  ## repeat all experiments with other rounding and other seeds (hours)
	$(BIN)/python book/replicate.py $(REPLICATE)

solutions: $(VENV)/.all  ## write the notebooks of solutions anew from the package
	$(BIN)/python book/solutions.py

bench: $(VENV)/.all  ## measure the speed of the package, as ratios
	$(BIN)/python -m pytest benchmarks --benchmark-only

format: $(VENV)/.all  ## format the code, notebooks included
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

clean:  ## remove the built book, the environment and the caches
	rm -rf _build $(VENV) .hypothesis .benchmarks .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment knows the folder in which it was made: in a copy of that folder, make another one.
ifneq ($(wildcard $(VENV)/.place),)
ifneq ($(shell cat $(VENV)/.place),$(CURDIR))
$(info This folder was copied or moved: its environment is made anew.)
$(shell rm -rf $(VENV))
endif
endif

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=...")'
	$(PYTHON) -m venv --clear $(VENV)
	@echo "$(CURDIR)" > $(VENV)/.place

$(VENV)/.check: requirements-check.txt constraints.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements-check.txt
	@touch $@

$(VENV)/.book: requirements-book.txt constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements-book.txt
	@touch $@

$(VENV)/.all: requirements.txt pyproject.toml $(VENV)/.book
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

# Built beside the old book, which stays if something fails. What is gone from the sources goes.
$(SITE)/index.html: $(SOURCES) _build/sources $(VENV)/.book $(wildcard _build/live)
	@$(BIN)/python book/executed.py $(NOTEBOOKS)
	@rm -rf _build/next
	$(BIN)/jupyter-book build --all --quiet --warningiserror --nitpick --keep-going --path-output _build/next . > _build/log
	@rm -rf $(SITE) && mv _build/next/_build/html $(SITE) && rm -rf _build/next
	@touch $@

# The list of the sources, written when it changes: a page that was deleted is out of date, too.
_build/sources: FORCE
	@mkdir -p _build
	@printf '%s\n' $(SOURCES) | cmp --silent - $@ || printf '%s\n' $(SOURCES) > $@
