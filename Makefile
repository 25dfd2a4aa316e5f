# Everything here does its own set-up and is quick when there is nothing left to set up.
.DEFAULT_GOAL := help
.PHONY: help demo run jobs test check bench format translations pictures lock clean
SHELL := /bin/sh

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
CATALOGUES := $(wildcard crm/translations/*/LC_MESSAGES/messages.po)
PRODUCTION := .venv/.production
DEVELOPMENT := .venv/.development
MESSAGES := $(CATALOGUES:.po=.mo)
COMPRESSED := static/.compressed

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv

$(PRODUCTION): requirements/production.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DEVELOPMENT): requirements/development.txt $(PRODUCTION)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

%.mo: %.po $(PRODUCTION)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(COMPRESSED): $(wildcard static/css/* static/js/* static/vendor/*.css static/vendor/*.js) $(PRODUCTION)
	@$(BIN)/python -m whitenoise.compress --quiet static && touch $@

# What both servers share: several workers with threads, so that a slow telephone does not hold one up.
SERVE = exec $(BIN)/gunicorn wsgi:app --bind 127.0.0.1:$(PORT) --workers $${WEB_CONCURRENCY:-2} \
	--worker-class gthread --threads 4 --timeout 60 --keep-alive 30 --preload --no-control-socket --log-level warning

demo: $(PRODUCTION) $(MESSAGES) $(COMPRESSED) ## the product with sample data, at http://127.0.0.1:8000 (PORT=… for another port)
	@mkdir -p instance
	@export DEMO=1 DATABASE_URL="sqlite:///$(CURDIR)/instance/demo.sqlite3" PUBLIC_URL="http://127.0.0.1:$(PORT)" \
	ATTACHMENTS_URL="file:$(CURDIR)/instance/demo-attachments"; \
	SECRET_KEY="$$($(BIN)/python config.py)" && export SECRET_KEY && \
	$(FLASK) db upgrade >/dev/null && $(FLASK) demo load --if-empty && \
	echo "Næringskontakt is at http://127.0.0.1:$(PORT) (Ctrl+C stops it)" && $(SERVE)

run: $(PRODUCTION) $(MESSAGES) $(COMPRESSED) ## the product for real use, on instance/crm.sqlite3 or DATABASE_URL
	@mkdir -p instance
	@export PUBLIC_URL="$${PUBLIC_URL:-http://127.0.0.1:$(PORT)}"; \
	SECRET_KEY="$$($(BIN)/python config.py)" && export SECRET_KEY && \
	$(FLASK) db upgrade >/dev/null && $(FLASK) plan load-catalogue && $(FLASK) responsibilities load-topics && $(FLASK) users first-link && \
	echo "Næringskontakt is at $$PUBLIC_URL (Ctrl+C stops it)" && $(SERVE)

jobs: $(PRODUCTION) $(MESSAGES) ## do what is due of the jobs, such as the morning's e-mail; made for cron, every few minutes
	@SECRET_KEY="$$($(BIN)/python config.py)" && export SECRET_KEY && $(FLASK) db upgrade >/dev/null && $(FLASK) jobs run

test: $(DEVELOPMENT) $(MESSAGES) $(COMPRESSED) ## everything that must pass
	@$(BIN)/python -m tests

check: $(DEVELOPMENT) $(MESSAGES) $(COMPRESSED) ## the quick subset, under a minute
	@$(BIN)/python -m tests --quick

bench: $(DEVELOPMENT) $(MESSAGES) $(COMPRESSED) ## the benchmarks, as a table and in bench/results/ (SIZES="office county nation")
	@$(BIN)/python -m bench

format: $(DEVELOPMENT) ## put code and templates in order
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

translations: $(DEVELOPMENT) ## take new messages into the catalogues
	@$(BIN)/pybabel --quiet extract -F babel.cfg -k _l --no-location --sort-output -o messages.pot crm templates config.py
	@for language in nb nn; do po=crm/translations/$$language/LC_MESSAGES/messages.po; sed '/^$$/q' $$po > messages.head; \
		$(BIN)/pybabel --quiet update -i messages.pot -d crm/translations -l $$language \
		--no-fuzzy-matching --ignore-obsolete --omit-header --width 110; \
		cat messages.head $$po > messages.new && mv messages.new $$po; done
	@rm -f messages.pot messages.head; grep -c -B1 '^msgstr ""$$' crm/translations/*/LC_MESSAGES/messages.po || true

pictures: $(DEVELOPMENT) $(MESSAGES) $(COMPRESSED) ## take the guide's pictures anew, from the demo
	@$(BIN)/python docs/guide/take_pictures.py

lock: ## pin what requirements/*.in ask for (needs uv)
	@for set in production development; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header requirements/$$set.in -o requirements/$$set.txt; done

clean: ## remove what make has made, but no data
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache
