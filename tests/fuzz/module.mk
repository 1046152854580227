# libFuzzer on the parsers, with clang's address and undefined-behaviour sanitizers. make fuzz SECONDS=300
SECONDS    ?= 60
FUZZ_CC    ?= clang
FUZZ_FLAGS := -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ_SRC   := $(filter-out gen/main.c $(wildcard gen/command*.c),$(wildcard gen/*.c))
FUZZ_RUN   = $< -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/
.PHONY: fuzz fuzz_config fuzz_template

$(BUILD)/fuzz/%: tests/fuzz/%.c $(FUZZ_SRC) $(BUILD)/gen/embed.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(STD) $(WARN) -Igen $(FUZZ_FLAGS) $^ -lcyaml -lyaml -o $@

# Cases of a test table, one file a case, as the first corpus.
$(BUILD)/fuzz/corpus_%: tests/gen/%.txt
	@mkdir -p $@
	awk -v dir=$@ '/^== /{n++; on = 1; next} /^(--|!!)$$/{on = 0; next} on{print > (dir "/case" n)}' $<

fuzz: fuzz_config fuzz_template  ## fuzz the parsers for SECONDS each

fuzz_config: $(BUILD)/fuzz/fuzz_config $(BUILD)/fuzz/corpus_bad_configs
	$(FUZZ_RUN) -max_len=4096 -dict=tests/fuzz/config.dict $(BUILD)/fuzz/corpus_bad_configs gen/presets

fuzz_template: $(BUILD)/fuzz/fuzz_template $(BUILD)/fuzz/corpus_templates
	$(FUZZ_RUN) -max_len=1024 -dict=tests/fuzz/template.dict $(BUILD)/fuzz/corpus_templates rtl_templates

# The ONNX reader and the host operators; the first corpus is every case of the operator tests.
FUZZ_ONNX_SRC := $(wildcard refmodel/*.c refmodel/core/*.c refmodel/compile/*.c refmodel/network/*.c refmodel/quantize/*.c)
.PHONY: fuzz_onnx
fuzz: fuzz_onnx

$(BUILD)/fuzz/fuzz_onnx $(BUILD)/fuzz/fuzz_tflite: $(BUILD)/fuzz/%: tests/fuzz/%.c $(FUZZ_ONNX_SRC) $(FUZZ_SRC) $(BUILD)/gen/embed.c | $(BUILD)/include/onnx.pb-c.h
	@mkdir -p $(@D)
	$(FUZZ_CC) $(STD) $(WARN) $(INCLUDE) -I$(BUILD)/include $(FUZZ_FLAGS) $^ $(BUILD)/include/onnx.pb-c.c $(LDLIBS) -o $@

$(BUILD)/fuzz/corpus_onnx: $(BUILD)/tests/refmodel/test_host_ops
	@mkdir -p $@
	$< --save $@

fuzz_onnx: $(BUILD)/fuzz/fuzz_onnx $(BUILD)/fuzz/corpus_onnx
	$(FUZZ_RUN) -max_len=12000 $(BUILD)/fuzz/corpus_onnx tests/refmodel/ops sim/networks/digits

# The TensorFlow Lite reader and its kernels.
.PHONY: fuzz_tflite
fuzz: fuzz_tflite

$(BUILD)/fuzz/corpus_tflite: $(BUILD)/tests/network/test_tflite_ops
	@mkdir -p $@
	$< --save $@

fuzz_tflite: $(BUILD)/fuzz/fuzz_tflite $(BUILD)/fuzz/corpus_tflite
	$(FUZZ_RUN) -max_len=4096 $(BUILD)/fuzz/corpus_tflite

# Layer descriptions.
FUZZ_LAYER_SRC := $(addprefix refmodel/compile/,layer_yaml.c layer_describe.c layer_numbers.c layer_task.c image.c) \
	$(addprefix refmodel/,fault.c file.c npy.c tensor.c) $(addprefix gen/,precision.c diagnostic.c utf8.c)
.PHONY: fuzz_layer
fuzz: fuzz_layer

$(BUILD)/fuzz/fuzz_layer: tests/fuzz/fuzz_layer.c $(FUZZ_LAYER_SRC)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(STD) $(WARN) -Igen -Irefmodel -Irefmodel/core -Irefmodel/compile $(FUZZ_FLAGS) $^ -lyaml -lm -o $@

$(BUILD)/fuzz/corpus_bad_layers: tests/compile/bad_layers.txt
	@mkdir -p $@
	awk -v dir=$@ '/^== /{n++; on = 1; next} /^(--|!!)$$/{on = 0; next} on{print > (dir "/case" n)}' $<

fuzz_layer: $(BUILD)/fuzz/fuzz_layer $(BUILD)/fuzz/corpus_bad_layers
	$(FUZZ_RUN) -max_len=2048 -dict=tests/fuzz/layer.dict $(BUILD)/fuzz/corpus_bad_layers
