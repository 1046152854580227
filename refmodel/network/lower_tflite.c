/* TFLite's operators as layers. */
#include "lower_source.h"

int lower_tflite_channel(struct lower_source *s, uint32_t channel)
{
	return lower_why(s, "channel %u", channel);
}

int lower_tflite_conv(struct lower_source *s, const struct lower_inputs *in)
{
	(void)in;
	return lower_why(s, "TFLite's layers are not lowered yet");
}

int lower_tflite_depthwise(struct lower_source *s, const struct lower_inputs *in)
{
	return lower_tflite_conv(s, in);
}

int lower_tflite_transpose(struct lower_source *s, const struct lower_inputs *in)
{
	return lower_tflite_conv(s, in);
}

int lower_tflite_dense(struct lower_source *s, const struct lower_inputs *in)
{
	return lower_tflite_conv(s, in);
}

int lower_tflite_product(struct lower_source *s, const struct lower_inputs *in)
{
	return lower_tflite_conv(s, in);
}
