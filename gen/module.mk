BITLET_SRC += $(wildcard gen/*.c)

# Templates and presets become part of the program; the list file changes when a file comes or goes.
EMBED_FILES := $(sort $(wildcard gen/presets/*.yaml rtl_templates/*.v rtl_templates/*/*.v sim/*.v sim/*.cpp sim/*dut.h sim/driver/*.c sim/driver/*.h fpga/tb/*.v) \
	refmodel/core/core_types.h refmodel/core/counters.def refmodel/core/faults.def)
EMBED_LIST  := $(BUILD)/gen/embed.list
EMBED_OBJ   := $(BUILD)/gen/embed.o

# The registers' header, for the host driver in the simulator; the same text that `bitlet gen` writes.
REGS_HEADER := $(BUILD)/include/bitlet_regs.h
GENERATED   += $(REGS_HEADER)
REGS_TOOL   := gen/tools/registers_header_tool.c gen/registers.c gen/registers_header.c
REGS_ROWS   := gen/registers.def gen/registers.h gen/command.h refmodel/compile/program.h refmodel/core/core_types.h refmodel/core/counters.def refmodel/core/faults.def

$(REGS_HEADER): $(REGS_TOOL) $(REGS_ROWS)
	@mkdir -p $(@D) $(BUILD)/gen
	$(CC) $(STD) $(WARN) $(INCLUDE) $(CFLAGS) $(REGS_TOOL) -o $(BUILD)/gen/registers_header_tool
	$(BUILD)/gen/registers_header_tool > $@.tmp
	@cmp -s $@.tmp $@ && rm $@.tmp && touch $@ || mv $@.tmp $@

.PHONY: FORCE docs
$(EMBED_LIST): FORCE
	@mkdir -p $(@D)
	@echo $(EMBED_FILES) | cmp -s - $@ || echo $(EMBED_FILES) > $@

$(BUILD)/gen/embed.c: scripts/embed $(EMBED_FILES) $(EMBED_LIST)
	scripts/embed $(EMBED_FILES) > $@.tmp
	@mv $@.tmp $@

$(EMBED_OBJ): $(BUILD)/gen/embed.c gen/embed.h
	$(CC) $(ALL_CFLAGS) -c $< -o $@

docs: $(BUILD)/bitlet  ## make docs/configuration.md and docs/registers.md from their lists
	$(BUILD)/bitlet help config > docs/configuration.md.tmp
	mv docs/configuration.md.tmp docs/configuration.md
	$(BUILD)/bitlet help registers > docs/registers.md.tmp
	mv docs/registers.md.tmp docs/registers.md
