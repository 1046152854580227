BITLET_SRC += $(wildcard refmodel/*.c)

# The kernels of the fast path are loops for the vectoriser.
$(BUILD)/obj/refmodel/fast%.o: CFLAGS += -O3
