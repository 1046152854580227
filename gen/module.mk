BITLET_SRC += $(wildcard gen/*.c)

# Templates and presets become part of the program; the list file changes when a file comes or goes.
EMBED_FILES := $(sort $(wildcard gen/presets/*.yaml rtl_templates/*.v rtl_templates/*/*.v sim/*.v sim/*.cpp sim/*dut.h) \
	refmodel/core/core_types.h refmodel/core/counters.def refmodel/core/faults.def)
EMBED_LIST  := $(BUILD)/gen/embed.list
EMBED_OBJ   := $(BUILD)/gen/embed.o

.PHONY: FORCE docs
$(EMBED_LIST): FORCE
	@mkdir -p $(@D)
	@echo $(EMBED_FILES) | cmp -s - $@ || echo $(EMBED_FILES) > $@

$(BUILD)/gen/embed.c: scripts/embed $(EMBED_FILES) $(EMBED_LIST)
	scripts/embed $(EMBED_FILES) > $@.tmp
	@mv $@.tmp $@

$(EMBED_OBJ): $(BUILD)/gen/embed.c gen/embed.h
	$(CC) $(ALL_CFLAGS) -c $< -o $@

docs: $(BUILD)/bitlet  ## make docs/configuration.md from the parameter list
	$(BUILD)/bitlet help config > docs/configuration.md.tmp
	mv docs/configuration.md.tmp docs/configuration.md
