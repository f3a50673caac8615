# The verbs. Logic is in local/*.sh and in Python.

.DEFAULT_GOAL := help
# Some verbs are folders too.
.PHONY: help setup setup-sam run demo test coverage format check build built scan scan-source scan-layer setup-scan ci deploy data docs bench bench-cold bench-peer bench-xray compare fuzz lock clean

PYTHONS := 3.13 3.12 3.11 3.14
# Three on two cores: a good part of the time a test waits for other processes.
PYTEST = .venv/bin/pytest --numprocesses 3 --dist worksteal
UV_COMPILE = .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command 'make lock' pyproject.toml
# `validate` and `build` want a region, and do nothing there.
SAM_OFFLINE = AWS_DEFAULT_REGION=$${AWS_DEFAULT_REGION:-us-east-1} local/sam.sh
ARGS =
SECONDS = 60
COUNT = 2000

help: ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r verb text; do \
		printf '  make %-10s %s\n' "$$verb" "$$text"; done

setup: ## .venv, with everything that is pinned in requirements/ and the command raygate; the page's libraries
	@local/make_venv.sh -e .venv requirements/dev.txt $(PYTHONS)
	@.venv/bin/python -m raygate_local.viewer.libraries

demo: setup ## a shop with several services, Fluent Bit if there is one, Raygate, a local X-Ray; ARGS=--once to stop at the end
	@.venv/bin/python -m examples.demo $(ARGS)

run: setup ## OTLP on 127.0.0.1:4318, a local X-Ray behind it on 8080; ARGS="--port 4319" for other options
	@.venv/bin/raygate serve $(ARGS)

test: setup ## every test that needs no build; no AWS account, no Docker
	@echo "Left out: the tests of the built application (tests/built). 'make built' runs those, 'make ci' everything."
	$(PYTEST) -m "not built" $(ARGS)

coverage: setup ## the same tests, and the lines and branches that they miss
	$(PYTEST) -m "not built" --cov --cov-report=term-missing $(ARGS)

format: setup ## lay out the code, mend what can be mended without a thought
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .

check: setup ## format, lint, types, template; changes nothing
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/cfn-lint template.yaml

setup-sam:
	@local/make_venv.sh .venv-sam requirements/sam.txt $(PYTHONS)

build: setup-sam ## the SAM application for both architectures, in .aws-sam/<architecture>
	$(SAM_OFFLINE) validate --lint
	$(SAM_OFFLINE) build --build-dir .aws-sam/arm64
	$(SAM_OFFLINE) build --build-dir .aws-sam/x86_64 --config-env x86_64

setup-scan:
	@local/make_venv.sh .venv-scan requirements/scan.txt $(PYTHONS)

scan: scan-source scan-layer ## secrets, licences, known vulnerabilities, policies of the template, a bill of what the layer holds

scan-source: setup setup-scan
	.venv/bin/python -m scans.leaks
	.venv/bin/python -m scans.licences --output .aws-sam/licences.txt
	.venv/bin/python -m scans.audit
	.venv-scan/bin/checkov --config-file scans/checkov.yaml

# Of the layers that are there: of those that `build` makes, when it is asked for too.
scan-layer: setup setup-scan $(filter build,$(MAKECMDGOALS))
	.venv/bin/python -m scans.sbom .aws-sam/sbom.cdx.json $(wildcard .aws-sam/*/DependenciesLayer/python)

built: setup build ## the built application, under the Lambda Runtime Interface Emulator
	$(PYTEST) tests/built $(ARGS)

ci: ## what the server runs: all checks and the build side by side, then every test
	@$(MAKE) --jobs=2 --output-sync=target check build scan
	$(PYTEST) $(ARGS)

deploy: setup-sam ## build and deploy with your AWS credentials; ARGS="--config-env x86_64" for the other architecture
	local/sam.sh build $(ARGS)
	local/sam.sh deploy --guided $(ARGS)

data: setup ## copy the shared data again, make the events again
	.venv/bin/python -m tests.project.shared_data
	.venv/bin/python -m tests.project.make_events

docs: setup ## write docs/mapping.md again, from the tables of the code
	.venv/bin/python -m raygate_local.mapping_page docs/mapping.md

bench: setup ## CPU a span by step and input, a request's fixed cost, growth; a minute; docs/performance.md
	.venv/bin/python -m benchmarks.steps $(ARGS)
	.venv/bin/python -m benchmarks.fixed_cost
	.venv/bin/python -m benchmarks.growth

bench-cold: setup build ## how long the built function takes to start, beside one that does nothing; a minute
	.venv/bin/python -m benchmarks.cold_start $(ARGS)

bench-peer: setup ## the same requests through the released exporter and its collector, built with Go
	.venv/bin/python -m benchmarks.peer $(ARGS)
	.venv/bin/python -m benchmarks.whole_path

bench-xray: setup ## the local X-Ray: segments a second, lists, long traces, memory
	.venv/bin/python -m benchmarks.local_xray

compare: setup ## made-up spans through the released exporter, built with Go, and through us; COUNT=20000, ARGS="--seed 2"
	.venv/bin/python -m compare --count $(COUNT) $(ARGS)

fuzz: setup ## damaged requests, for a minute; SECONDS=600 for longer, ARGS="--seed 2" for others
	.venv/bin/python -m fuzz --seconds $(SECONDS) $(ARGS)

lock: setup ## write requirements/*.txt from pyproject.toml; ARGS="--upgrade" for the newest versions
	$(UV_COMPILE) $(ARGS) --extra local --group dev --output-file requirements/dev.txt
	$(UV_COMPILE) $(ARGS) --extra local --constraint requirements/dev.txt --output-file requirements/local.txt
	$(UV_COMPILE) $(ARGS) --constraint requirements/local.txt --output-file requirements/run.txt
	$(subst pyproject.toml,,$(UV_COMPILE)) $(ARGS) --group generator --constraint requirements/dev.txt \
		--output-file requirements/generator.txt
	$(subst pyproject.toml,,$(UV_COMPILE)) $(ARGS) --group sam --output-file requirements/sam.txt
	$(subst pyproject.toml,,$(UV_COMPILE)) $(ARGS) --group scan --output-file requirements/scan.txt

clean: ## remove what can be made again
	rm -rf .venv .venv-sam .venv-scan .aws-sam .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		tests/process/browser/node_modules local/raygate_local/viewer/static/lib
	find . -name __pycache__ -prune -exec rm -rf {} +
