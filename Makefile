# The developer's menu. Windows: make.cmd with the same words.
PYTHON ?= python3
# Three workers on two cores, for some tests wait for silent servers; a file's costly fixtures are made once.
WORKERS := -n 3 --dist loadfile --no-loadscope-reorder
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test lint types tests docs audit bench bench-million soak clean

## make demo: a county of invented people in demo/, synced twice
demo: $(READY)
	$(BIN)/taizhang demo demo

## make test: every check and every test
test: lint types tests

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: $(READY)
	$(BIN)/mypy

tests: $(READY)
	$(BIN)/pytest $(WORKERS)

## make docs: the pictures and the generated pages under docs/
docs: $(READY)
	$(BIN)/python -m docs.pages
	$(BIN)/python -m docs.pictures
	$(BIN)/python -m docs.page_picture

## make audit: known vulnerabilities of what we are built on
audit: $(READY)
	$(BIN)/python -m docs.dependency_check

## make bench: ratios against what a user would run instead
bench: $(READY)
	$(BIN)/pip install -q -c constraints.txt pandas
	$(BIN)/python -m benchmarks.consolidate
	$(BIN)/python -m benchmarks.button
	$(BIN)/python -m benchmarks.endpoint
	$(BIN)/python -m benchmarks.figures
	$(BIN)/python -m benchmarks.doubles
	$(BIN)/python -m benchmarks.recalculating

## make bench-million: a million rows in 500 workbooks (a quarter of an hour and 3 GB of disk)
bench-million: $(READY)
	$(BIN)/python -m benchmarks.million

## make soak: the service over 90 simulated days of edits, faults and power cuts (the better part of an hour)
soak: $(READY)
	$(BIN)/python -m benchmarks.soak

clean:
	rm -rf .venv demo benchmarks/data

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@
