# Figures beside the published PE's: docs/bench.md. LIB=FILE chooses the Liberty file (asic/synth); kGE of Nangate45 compare best.
BENCH_BIN := $(BUILD)/cycle_bench $(BUILD)/rtl_bench $(BUILD)/model_bench

$(BUILD)/cycle_bench $(BUILD)/rtl_bench $(BUILD)/paper_layers: $(BUILD)/%: tests/bench/%.c $(BUILD)/libbitlet.a
	$(CC) $(ALL_CFLAGS) -MF $(BUILD)/obj/$*.d $< $(BUILD)/libbitlet.a $(LDLIBS) -o $@

.PHONY: bench-cycles bench-area bench-speed bench-paper
bench: bench-cycles bench-area bench-speed  ## measure everything and write docs/bench.md (LIB=FILE: another Liberty)

# each of them measures its part and writes docs/bench.md anew from all parts measured so far
bench-cycles bench-area bench-speed: bench-%: all $(BENCH_BIN)
	BUILD=$(BUILD) LIB=$(LIB) tests/bench/$*
	BUILD=$(BUILD) tests/bench/page >docs/bench.md.tmp
	mv docs/bench.md.tmp docs/bench.md

bench-paper: all $(BUILD)/paper_layers  ## layers of the paper's networks through the whole core: docs/paper-layers.md
	BUILD=$(BUILD) tests/bench/paper >docs/paper-layers.md.tmp
	mv docs/paper-layers.md.tmp docs/paper-layers.md

.PHONY: results
results: all  ## classic against dense, area, clock, cycles, power: docs/results.md (LIB=FILE, MODEL=NET INPUT=FILE: a network of yours)
	BUILD=$(BUILD) LIB="$(LIB)" MODEL="$(MODEL)" INPUT="$(INPUT)" tests/bench/results docs/results.md

# the tests of the benches run them
test: $(BENCH_BIN)
