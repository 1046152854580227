BITLET_SRC += $(wildcard gen/*.c)
