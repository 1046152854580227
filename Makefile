# bitlet: bit-interleaving accelerator generator. `make help` lists what can be made.
BUILD   := build
CC      ?= gcc
CFLAGS  ?= -O2 -g
WARN    := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror
STD     := -std=c11 -D_POSIX_C_SOURCE=200809L
INCLUDE := -Igen -Irefmodel -Irefmodel/core -Irefmodel/compile -Irefmodel/network -Irefmodel/quantize -Isim -Isim/driver
LDLIBS  := -lcyaml -lyaml -lm -lpthread
SETUP   := scripts/setup

.DEFAULT_GOAL := all
.PHONY: all setup run test bench lint soak clean help
# Each folder names its sources and targets; the data flows gen -> refmodel -> sim.
include gen/module.mk refmodel/module.mk sim/module.mk fpga/module.mk asic/module.mk asic/tools.mk tests/module.mk

OBJ := $(BITLET_SRC:%.c=$(BUILD)/obj/%.o)
LIBBITLET := $(BUILD)/libbitlet.a
ALL_CFLAGS = $(STD) $(WARN) $(INCLUDE) -I$(BUILD)/include -MMD -MP $(CFLAGS)

all: $(BUILD)/bitlet  ## build the bitlet program

$(BUILD)/obj/%.o: %.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $< -o $@

$(LIBBITLET): $(filter-out %/main.o,$(OBJ)) $(EMBED_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/bitlet: $(BUILD)/obj/gen/main.o $(LIBBITLET)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

setup:  ## install the Debian packages that are missing (idempotent)
	$(SETUP)

clean:  ## remove everything that was built
	rm -rf $(BUILD)

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

-include $(OBJ:.o=.d)
