BITLET_SRC += $(wildcard sim/*.c)
LDLIBS += -lcjson
