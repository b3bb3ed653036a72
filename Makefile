# The front door; Maven is the engine. `make` alone shows what there is.
SERVER ?= payara
PORT ?= 8080
URL ?= http://127.0.0.1:8080
FILE ?= docs/sample.ndjson

.DEFAULT_GOAL := help
.PHONY: help run test import bench faults console-test console-bench screenshots way format clean

help: ## shows this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-21s %s\n", $$1, $$2 }'
	@echo
	@echo '  Settings pass through the environment: HISTORY_DATABASE_URL=postgresql://... make run'

run: ## builds what changed and starts the server until Ctrl-C: SERVER=payara or liberty, PORT=8080
	@PORT='$(PORT)' exec server-config/run '$(SERVER)'

test: ## runs every test, on both servers and both databases
	@exec .ci/run

import: ## loads records into a running server: FILE=docs/sample.ndjson URL=http://127.0.0.1:8080
	@exec java src/main/java/io/tarsy/history/transfer/ImportCommand.java "$(FILE)" "$(URL)"

bench: ## measures speed and memory into docs/performance.md: SERVER=payara or liberty, QUICK=true only shows a rough answer, PART=finding, added, upkeep or durability shows that alone
	@exec mvn -q -B -ntp -DskipTests pre-integration-test exec:exec -Dbench.server='$(SERVER)' -Dbench.mode='$(if $(QUICK),quick,full)' -Dbench.part='$(or $(PART),all)'

faults: ## breaks databases and servers under load into docs/reliability.md: SERVER= and DATABASE= narrow it, QUICK=true is a short set
	@exec mvn -q -B -ntp verify -DskipTests exec:exec@faults -Dfaults.server='$(if $(filter command line,$(origin SERVER)),$(SERVER),both)' -Dfaults.database='$(or $(DATABASE),both)' -Dfaults.mode='$(if $(QUICK),brief,full)'

console-test: ## runs the tests of the console alone, in Chromium: SPECS=session,timeline narrows it
	@src/test/console/prepare && SPECS='$(SPECS)' exec node src/test/console/try.mjs

console-bench: ## measures how long one waits for the console, in Chromium on this machine
	@src/test/console/prepare && exec node src/test/console/bench.mjs

screenshots: ## writes each screen of the console into docs/screenshots
	@src/test/console/prepare && exec node src/test/console/screenshots.mjs

way: ## writes the pictures of docs/console.md: RECORDS=records.ndjson with an OOM kill in them
	@src/test/console/prepare && exec node src/test/console/way.mjs '$(RECORDS)'

format: ## brings all sources into the one format
	@exec mvn -q spotless:apply

clean: ## removes everything that was built
	@exec mvn -q clean
