# Two commands do everything on a fresh Debian or Ubuntu machine: make demo, make test.
# What takes longer and tells less is in make test-all.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Ansible has an environment of its own: it is no part of kkplan, and large.
ANSIBLE = .venv-ansible
# Many tests wait, for a failover or a time-out: more workers than processors are busy.
WORKERS ?= $(shell expr 3 \* $$(nproc))

# Where the environment sets this, each of the tests' many starts would compile the modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test rewritten test-all test-machines fuzz-smoke lint setup setup-test packages packages-all catalogue pythons rules schemas samples pictures offline pins ranges man completions bench bench-failover bench-machines fuzz clean

demo: setup ## install, and plan and apply a Keepalived pair on a copy of a sample
	@sh tools/demo.sh $(BIN)/kkplan

test: packages setup-test $(ANSIBLE)/.installed ## install what the tests need, and pass those that tell whether kkplan works
	@$(MAKE) --no-print-directory --jobs=2 lint rewritten
	$(BIN)/pytest -n $(WORKERS) -m "not thorough"

test-all: packages-all setup-test $(ANSIBLE)/.installed ## the longer tests: every system call, long rehearsals, a pair that boots, offline builds, other Pythons, oldest versions, fuzzing
	$(BIN)/pytest -n $(WORKERS) -m thorough --ignore=tests/machines
	$(BIN)/pytest -n 0 -m short -k bookworm tests/machines
	@$(MAKE) --no-print-directory pythons ranges fuzz-smoke

test-machines: packages setup-test $(ANSIBLE)/.installed ## two LB servers that boot, on Debian 11, 12 and 13: installs, failures, power-on (as root)
	$(BIN)/pytest -n 0 -rs tests/machines

# pytest rewrites each test's assertions, and keeps that. Once here, or each of the many workers does it.
rewritten: setup-test
	@$(BIN)/pytest --collect-only --quiet -n 0 > /dev/null

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@report=$$($(BIN)/lint-imports --no-logo --no-cache) || { echo "$$report"; exit 1; }

pythons: setup-test ## the program's main tests under every other Python from 3.10 to 3.13 on this machine
	WORKERS=$(WORKERS) $(BIN)/python -m tools.versions pythons

setup: $(VENV)/.installed

setup-test: $(VENV)/.installed-test

$(VENV)/bin/python:
	@sh tools/venv.sh $(PYTHON) $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,supply]'
	@touch $@ $(VENV)/.installed

$(ANSIBLE)/.installed: Makefile
	@sh tools/venv.sh $(PYTHON) $(ANSIBLE)
	$(ANSIBLE)/bin/pip install --quiet --disable-pip-version-check 'ansible-core>=2.14' 'ansible-lint>=24.6'
	@touch $@

packages: ## HAProxy, Keepalived and the programs that the tests run them with
	@sh tools/packages.sh

packages-all: ## the same, and a browser for the review page
	@sh tools/packages.sh all

catalogue: setup-test ## collect the texts and compile the Chinese catalogue
	$(BIN)/python -m tools.catalogue

schemas: setup ## the schemas of KubeKey 4's files, and docs/cluster-schema.md
	$(BIN)/python -m tools.schemas

rules: setup completions ## the pages of the rules in docs/rules, and their names in the completion scripts
	$(BIN)/python -m tools.rule_pages

samples: setup ## what the program makes of the sample configs today
	$(BIN)/python -m tools.samples

pictures: setup-test ## docs/pictures: kkplan in a terminal, in both languages (the rehearsal as root, about a minute more); PICTURES="plan check"
	$(BIN)/python -m tools.pictures $(PICTURES)

bench: setup-test ## kkplan's editor beside others: docs/benchmarks.md (GO_YQ=PATH, NPM_MODULES=FOLDER for those two)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m benchmarks.editor

offline: setup-test ## dist/: one file that needs no Python, and a wheelhouse, for machines without internet
	$(BIN)/python -m tools.offline

pins: setup-test ## take the newest wheels that fit for `make offline`
	$(BIN)/python -m tools.offline.pins

ranges: setup-test ## the program's main tests with the oldest versions that pyproject.toml allows
	WORKERS=$(WORKERS) $(BIN)/python -m tools.versions ranges

man: setup-test completions ## the man pages in docs/man, and the completion scripts
	$(BIN)/python -m tools.man_pages

completions: setup ## the scripts that `kkplan completion` prints
	$(BIN)/python -m tools.completion_scripts

bench-failover: packages setup-test ## kkplan's pair beside the guide's: docs/failover.md (as root, about 50 minutes)
	$(BIN)/python -m benchmarks.failover

bench-machines: packages setup-test ## failures and power-on of machines that boot: docs/machines.md (as root, about 75 minutes)
	$(BIN)/python -m benchmarks.machines

fuzz: setup-test ## the editor under a coverage-guided fuzzer: FUZZ="-runs=100000"; KKPLAN_YAML=pure for the pure parser
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	nice -n 15 $(BIN)/python -m tests.attack.fuzz .fuzz-corpus $(or $(FUZZ),-runs=100000)

fuzz-smoke: setup-test ## some thousand inputs of the fuzzer, where it has a wheel for this Python
	@sh tools/fuzz_smoke.sh $(BIN)

clean:
	rm -rf .venv .venv-3.* .venv-lowest-* $(ANSIBLE) demo dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .fuzz-corpus
