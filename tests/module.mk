# C tests are tests/<folder>/test_*.c (cmocka), script tests tests/<folder>/test_*.sh; both print TAP.
TEST_C   := $(wildcard tests/*/test_*.c)
TEST_SH  := $(wildcard tests/*/test_*.sh)
TEST_BIN := $(TEST_C:tests/%.c=$(BUILD)/tests/%)

# $(LIBBITLET) is defined after this file is read: a prerequisite must be spelt out, or tests would never be linked anew.
$(BUILD)/tests/%: tests/%.c $(BUILD)/libbitlet.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $< $(LIBBITLET) $(LDLIBS) -lcmocka -o $@

test: setup all $(TEST_BIN)  ## run every test; the last line is "N passed, N failed"
	@tests/run $(TEST_BIN) $(TEST_SH)

# The C tests alone, built by clang with address and undefined-behaviour sanitizers, in a folder of their own.
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
.PHONY: sanitize test-c
sanitize: setup  ## run the C tests under clang's sanitizers
	$(MAKE) BUILD=$(BUILD)/sanitize CC=clang CFLAGS="$(SANITIZE)" test-c

test-c: $(TEST_BIN)
	@tests/run $(TEST_BIN)

include tests/fuzz/module.mk tests/bench/module.mk tests/formal/module.mk tests/network/module.mk
