# TensorFlow Lite's kernels against what the framework itself gave: make exam MODELS=folder, laid out as <folder>/expected/README.md says.
EXAM := mlctiny/pretrainedResnet.tflite=resnet8_fp32 mlctiny/pretrainedResnet_quant.tflite=resnet8_int8 \
	tflm/mobilenet_v2_quantized_1x3x224x224.tflite=mnv2_int8_nchw
.PHONY: exam

$(BUILD)/tflite_exam: tests/network/tflite_exam.c $(BUILD)/libbitlet.a
	$(CC) $(ALL_CFLAGS) -MF $(BUILD)/obj/tflite_exam.d $< $(BUILD)/libbitlet.a $(LDLIBS) -o $@

exam: $(BUILD)/tflite_exam  ## compare TensorFlow Lite files with the framework's own tensors (MODELS=folder)
	@test -n "$(MODELS)" || { echo "make exam: give MODELS=folder" >&2; exit 2; }
	@$(foreach e,$(EXAM),$< $(MODELS)/$(firstword $(subst =, ,$(e))) $(MODELS)/expected/$(lastword $(subst =, ,$(e))) &&) true
