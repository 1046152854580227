TOGGLES := $(BUILD)/toggles

$(TOGGLES): asic/toggles.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(LDFLAGS) $< -o $@

all: $(TOGGLES)

# LIB= Liberty, TOP= bitlet_pe, bitlet_array or bitlet_top, CLOCK_MHZ= the clock to meet, MACROS= Liberty files of memory macros, MACRO_PINS= what
# their pins are for (asic/synth -h). NETWORK= a model whose layers give power its activity, INPUT= its input (NAME=FILE with blanks between them when
# there are several), LAYER= one layer of it.
.PHONY: asic
asic: all  ## area, timing, power of a configuration's gates: CONFIG= [LIB=] [TOP=] [CLOCK_MHZ=] [MACROS=] [MACRO_PINS=] [STEPS=] [NETWORK= INPUT= LAYER=]
	BITLET=$(BUILD)/bitlet TOGGLES=$(TOGGLES) LIB="$(LIB)" asic/flow $(if $(TOP),-t $(TOP)) $(if $(CLOCK_MHZ),-c "$(CLOCK_MHZ)") \
		$(if $(MACROS),-r "$(MACROS)") $(if $(MACRO_PINS),-P "$(MACRO_PINS)") $(if $(STEPS),-s "$(STEPS)") \
		$(if $(NETWORK),-n "$(NETWORK)") $(foreach file,$(INPUT),-i "$(file)") $(if $(LAYER),-l "$(LAYER)") "$(CONFIG)"
