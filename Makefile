# make setup   installs what is missing on this machine, and says what it does
# make demo    three million flights through services in Python, Java and Haskell; make demo ROWS=20000 is the quick form
# make test    what check checks, and all tests
# make check   formatter, linter, types, import directions, shell scripts
# make bench   the side-by-side benchmarks

# Programs that setup unpacks for the tests stand last, so that installed ones come first.
export PATH := $(PATH):$(CURDIR)/.cache/docker-registry/usr/bin
# Node 24 from the npm packages, whatever the machine's own is.
with-node := PATH="$(CURDIR)/node_modules/.bin:$$PATH"

.PHONY: setup demo test check bench

setup:
	@sh scripts/setup.sh

demo:
	@sh scripts/setup.sh npm engine bootstrap dist
	@ROWS="$(ROWS)" sh examples/flights/demo.sh

# The last line must stay that of the tests: nothing may be printed after it.
test:
	@sh scripts/setup.sh
	@npm run --silent check
	@npm test --silent

check:
	@sh scripts/setup.sh npm
	@npm run --silent check
	@if command -v shellcheck >/dev/null; then shellcheck -x scripts/*.sh examples/*/*.sh templates/*/*.sh templates/*/*/*.sh templates/haskell/compile .ci/run; fi

bench:
	@sh scripts/setup.sh
	@$(with-node) && export PATH && for file in bench/*.ts; do echo "== $$file" && node "$$file" || exit; done
