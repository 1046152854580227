BITLET_SRC += $(wildcard refmodel/*.c refmodel/core/*.c refmodel/compile/*.c refmodel/network/*.c refmodel/quantize/*.c)

# The ONNX messages, from Debian's libonnx-dev.
ONNX_PROTO := /usr/include/onnx/onnx.proto
ONNX_C     := $(BUILD)/include/onnx.pb-c.c
GENERATED  += $(BUILD)/include/onnx.pb-c.h
EMBED_OBJ  += $(BUILD)/obj/onnx.pb-c.o
LDLIBS     += -lprotobuf-c

$(BUILD)/include/onnx.pb-c.h: $(ONNX_PROTO)
	@mkdir -p $(@D)
	protoc-c --proto_path=$(dir $<) --c_out=$(@D) $(notdir $<)

$(BUILD)/obj/onnx.pb-c.o: $(BUILD)/include/onnx.pb-c.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $(ONNX_C) -o $@

# The kernels of the fast path are loops for the vectoriser.
$(BUILD)/obj/refmodel/fast%.o: CFLAGS += -O3
# Those of the host's products, too. Contracting is exact there: gemm.h.
$(BUILD)/obj/refmodel/gemm.o $(BUILD)/obj/refmodel/conv_run.o: CFLAGS += -O3 -ffp-contract=fast

# Speed of the model: build/model_bench [--json] [--threads T] [--seconds S]; of the host's operators: build/host_bench [THREADS [SECONDS]]
$(BUILD)/model_bench $(BUILD)/host_bench: $(BUILD)/%: tests/bench/%.c $(BUILD)/libbitlet.a
	$(CC) $(ALL_CFLAGS) -MF $(BUILD)/obj/$*.d $< $(BUILD)/libbitlet.a $(LDLIBS) -o $@
