BITLET_SRC += $(wildcard sim/*.c)
