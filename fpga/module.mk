BITLET_SRC += $(wildcard fpga/*.c)
INCLUDE += -Ifpga
