# What a person types. The work is in .ci/setup and .ci/start; running a target twice is quick and harmless.
.DEFAULT_GOAL := help
.PHONY: help run tour pictures doctor test test-all peers fresh fuzz bench soak sabotage mutants spec lint clean
PY := .venv/bin/python
export PYTHON
# Node may have come into .venv, as a wheel.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Start-up is measured with byte code in place; an environment that forbids it would make every start compile all of it.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 17

run: ## start the app (with no display: the tour)
	@.ci/setup run
	@.ci/start $(ARGS)

tour: ## walk the app on a screen of its own, and write tour/index.html
	@.ci/setup tour
	@$(PY) -m refapp tour $(ARGS)

pictures: ## the window in each of its states, light and dark, into features/pictures
	@.ci/setup tour
	@$(PY) -m refapp.tour.pictures --out features/pictures $(ARGS)

doctor: ## say what this desktop offers, and what to do about the rest
	@.ci/setup python
	@$(PY) -m refapp doctor $(ARGS)

test: ## everything: lint, types and all tests
	@.ci/setup test
	@$(MAKE) --no-print-directory lint
	@.ci/tests $(PY) $(ARGS)

test-all: ## make test, ten times the random histories, orders and lines, of a fresh seed, the peers, other Pythons, the desktop on real BetterAuth 1.7 and 1.4, make fresh
	@$(MAKE) --no-print-directory test ARGS="--matrix $(ARGS)"
	REFAPP_FUZZ=10 $(PY) -m pytest tests/races tests/fuzz --orders=1000 --histories=2000 --seed=$(or $(SEED),$(shell date +%s))
	@$(MAKE) --no-print-directory peers ARGS=
	@.ci/pythons
	$(PY) -m pytest features --driver=desktop --server=betterauth-1.7 $(ARGS)
	$(PY) -m pytest features --driver=desktop --server=betterauth-1.4 $(ARGS)
	@$(MAKE) --no-print-directory fresh ARGS=

peers: ## other people's apps and refapp from outside, run against the specification: a table, and build/spec/site/peers.html
	@.ci/setup test
	@$(PY) -m tests.peers $(ARGS)

fresh: ## make run and make test on minimal Debian 12 and 13, from nothing: a table. Takes an hour, and root
	@.ci/setup checks fresh
	@$(if $(filter 0,$(shell id -u)),,sudo -E) $(PY) -m tests.fresh.run $(ARGS)

spec: ## the specification as a site, build/spec/site/index.html; it is run before, if anything has changed since
	@.ci/setup checks
	@$(PY) -m steps.site --run $(ARGS)

sabotage: ## break every rule in turn: do the scenarios notice? Then what the documents claim of a test: does it? Some minutes
	@.ci/setup test
	@$(PY) -m steps.sabotage $(ARGS)
	@$(if $(ARGS),,$(PY) -m steps.claims)

mutants: ## mutation testing of the six modules that decide; tests/mutants.md has the survivors
	@.ci/setup checks
	@$(PY) -m pip install --quiet --disable-pip-version-check "mutmut>=3.8,<4"
	@rm -rf mutants
	$(PY) -m mutmut run $(ARGS)
	@! grep -qF '\\u2026' mutants/mutmut-stats.json || { echo "A test is named after a masked value: mutmut does not find it (tests/mutants.md)."; exit 1; }
	$(PY) -m mutmut results

bench: ## measure it beside its baselines: a table, and build/bench/results.json
	@.ci/setup tour checks
	@$(PY) tests/benchmarks/run.py $(ARGS)

soak: ## use the app, and harm it, for ten minutes (ARGS=MINUTES): what grew, as a table and a picture; fails if anything did
	@.ci/setup tour checks
	@$(PY) tests/soak/run.py $(ARGS)

fuzz: ## two minutes of coverage-guided fuzzing: the channel's decoder, then its gate and handlers in every phase
	@.ci/setup checks
	@$(PY) -m pip install --quiet --disable-pip-version-check "atheris>=3,<4"
	$(PY) tests/fuzz/coverage_guided.py -max_len=4096 -max_total_time=60 $(ARGS)
	$(PY) tests/fuzz/coverage_guided_gate.py -max_len=1024 -max_total_time=60 $(ARGS)

lint: ## ruff, mypy and the order of imports
	@.ci/setup checks
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo

clean: ## delete what the other targets made
	rm -rf .venv tour build mutants *.egg-info tests/betterauth/node_modules tests/betterauth/*/node_modules tests/peers/*/node_modules tests/cucumber/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
