# The newcomer's commands. Everything else is CMake: see CMakePresets.json.
#   make run    install what is missing, build, run an agent in the foreground on the quickstart config
#   make test   install what is missing, build, run every test
#   make demo   the README's round trip, shown and ended by itself
#   make bench  every benchmark, with a table of ratios
#   make fuzz   the fuzzers, TIME=60 seconds each, or those of ONLY="listener acl"
#   make tidy   clang-tidy over every source that changed since it last had nothing to say

PRESET ?= release
BUILD := build/$(PRESET)
JOBS ?= $(shell nproc)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: run test demo bench fuzz tidy build configure deps test-deps clean

run: build
	$(BUILD)/bin/clacks-agent --config config/quickstart.conf

test: test-deps build
	ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS) -LE bench

demo: build
	tests/demo/demo.sh $(BUILD)/bin

bench: test-deps build
	tests/bench/run.sh $(BUILD)/bin

fuzz: test-deps
	cmake --preset fuzz >/dev/null
	cmake --build --preset fuzz -j $(JOBS)
	tests/fuzz/run.sh build/fuzz/fuzz $(or $(TIME),60) $(ONLY)

tidy: test-deps build
	/usr/bin/python3 tests/lint/tidy.py $(BUILD)

build: configure
	cmake --build --preset $(PRESET) -j $(JOBS)

configure: deps
	cmake --preset $(PRESET) $(if $(wildcard $(BUILD)/CMakeCache.txt),>/dev/null)

# $(call install,sections): the packages of packages.txt's sections that are not there yet, nor provided by others.
packages = $$(awk '/^\# \[/ { on = index("$(1)", $$2) } on && /^[^\#]/ { print }' packages.txt)
define install
	@have=$$(dpkg-query -W -f '$${db:Status-Abbrev}, $${Package}, $${Provides},\n' | grep '^ii' | sed 's/ ([^)]*)//g'); \
	missing=$$(for p in $(call packages,$(1)); do echo "$$have" | grep -qF ", $$p," || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing: " $$missing; \
	  $(SUDO) apt-get update -q && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi
endef

deps:
	$(call install,[build])

test-deps:
	$(call install,[build] [test])

clean:
	rm -rf build
