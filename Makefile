# The tasks of a developer. `make` alone lists them.
.DEFAULT_GOAL := help
bin := .venv/bin

.PHONY: help setup test lint types imports gate bench reference
help:     ## this list
	@sed -n 's/^\([a-z]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
setup:    ## a virtual environment with everything that development needs
	python3 -m venv .venv && $(bin)/pip install --quiet -e '.[dev]' -c constraints.txt
test:     ## all tests
	$(bin)/python -m pytest -n 4
lint:     ## format and lint, mended where that can be done by itself
	$(bin)/ruff format . && $(bin)/ruff check --fix .
types:    ## types of the sources and of the tests
	$(bin)/mypy
imports:  ## that imports point one way
	$(bin)/lint-imports
gate:     ## all that has to pass before a change lands
	.ci/run
reference: ## pages of the public functions and models, from their docstrings
	$(bin)/python -W error -m pdoc stemcheck -o build/reference
bench:    ## speed as ratios, and the reading against all labelled sets
	$(bin)/python -m benchmarks && $(bin)/python -m benchmarks.reading.run
