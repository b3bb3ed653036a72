# The front door; Maven is the engine. `make` alone shows what there is.
SERVER ?= payara
PORT ?= 8080
URL ?= http://127.0.0.1:8080
FILE ?= docs/sample.ndjson

.DEFAULT_GOAL := help
.PHONY: help run test import export compare bench faults console-test console-bench screenshots way format clean check-prereqs container-build deploy \
	deploy-postgres container-status container-logs container-logs-postgres container-stop clean-containers psql

help: ## shows this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-30s %s\n", $$1, $$2 }'
	@echo
	@echo '  Settings pass through the environment: HISTORY_DATABASE_URL=postgresql://... make run'
	@echo '  Containers take theirs from .env too (.env.example), and run by CONTAINER_ENGINE=podman or docker.'

run: ## builds what changed and starts the server until Ctrl-C: SERVER=payara or liberty, PORT=8080
	@PORT='$(PORT)' exec server-config/run '$(SERVER)'

test: ## runs every test, on both servers and both databases
	@exec .ci/run

import: ## loads records into a running server: FILE=docs/sample.ndjson URL=http://127.0.0.1:8080
	@exec java src/main/java/io/tarsy/history/transfer/ImportCommand.java "$(FILE)" "$(URL)"

export: ## writes everything that a running server knows to a file: FILE=history.ndjson.gz URL=http://127.0.0.1:8080
	@exec java src/main/java/io/tarsy/history/transfer/TransferCommand.java export "$(URL)" "$(if $(filter command line,$(origin FILE)),$(FILE),history.ndjson.gz)"

compare: ## counts and hashes of two histories, each a running server or a file: FROM=... TO=...
	@exec java src/main/java/io/tarsy/history/transfer/TransferCommand.java compare "$(FROM)" "$(TO)"

bench: ## measures speed and memory into docs/performance.md: SERVER=payara or liberty, QUICK=true only shows a rough answer, PART=finding, added, upkeep or durability shows that alone
	@exec mvn -q -B -ntp -DskipTests pre-integration-test exec:exec -Dbench.server='$(SERVER)' -Dbench.mode='$(if $(QUICK),quick,full)' -Dbench.part='$(or $(PART),all)'

faults: ## breaks databases and servers under load into docs/reliability.md: SERVER= and DATABASE= narrow it, QUICK=true is a short set, PART=stop only asks servers to end
	@exec mvn -q -B -ntp verify -DskipTests exec:exec@faults -Dfaults.server='$(if $(filter command line,$(origin SERVER)),$(SERVER),both)' -Dfaults.database='$(or $(DATABASE),both)' -Dfaults.mode='$(if $(QUICK),brief,$(or $(PART),full))'

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

check-prereqs: ## says what is here of what the other commands need
	@exec server-config/containers check

container-build: ## builds the image: IMAGE_TARGET=liberty or payara-micro
	@exec server-config/containers build

deploy: ## builds the image and starts it on SQLite, its file in a named volume
	@exec server-config/containers up

deploy-postgres: ## the same on PostgreSQL: SERVERS=2 for two servers behind a proxy
	@exec server-config/containers up-postgres

container-status: ## shows the containers
	@exec server-config/containers status

container-logs: ## follows the log of the application
	@exec server-config/containers logs

container-logs-postgres: ## follows the log of PostgreSQL
	@exec server-config/containers logs postgres

container-stop: ## stops and removes the containers; what is stored stays
	@exec server-config/containers stop

clean-containers: ## removes the containers and everything stored in them, after asking
	@exec server-config/containers clean

psql: ## a shell of the database of deploy-postgres
	@exec server-config/containers psql
