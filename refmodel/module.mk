BITLET_SRC += $(wildcard refmodel/*.c)
