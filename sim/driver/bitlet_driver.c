#include "bitlet_driver.h"

static uint32_t get(const struct bitlet_device *dev, uint32_t offset)
{
	return dev->read32(dev->context, offset);
}

static void put(const struct bitlet_device *dev, uint32_t offset, uint32_t value)
{
	dev->write32(dev->context, offset, value);
}

static bool is_idle(const struct bitlet_device *dev)
{
	return BITLET_GET(get(dev, BITLET_REG_STATUS), STATUS_IDLE) != 0;
}

static uint64_t get_pair(const struct bitlet_device *dev, uint32_t low, uint32_t high)
{
	uint64_t value = get(dev, low);
	return value | (uint64_t)get(dev, high) << 32;
}

static void read_buffers(const struct bitlet_device *dev, struct bitlet_info *info)
{
	info->act_buffer = get(dev, BITLET_REG_CAPABILITY_ACT_BUFFER);
	info->wgt_buffer = get(dev, BITLET_REG_CAPABILITY_WGT_BUFFER);
	info->psum_buffer = get(dev, BITLET_REG_CAPABILITY_PSUM_BUFFER);
	info->out_buffer = get(dev, BITLET_REG_CAPABILITY_OUT_BUFFER);
	info->max_groups = get(dev, BITLET_REG_CAPABILITY_GROUPS);
}

static void read_capabilities(const struct bitlet_device *dev, struct bitlet_info *info)
{
	uint32_t array = get(dev, BITLET_REG_CAPABILITY_ARRAY);
	uint32_t bus = get(dev, BITLET_REG_CAPABILITY_BUS);
	uint32_t features = get(dev, BITLET_REG_CAPABILITY_FEATURES);
	info->n = BITLET_GET(array, CAPABILITY_ARRAY_N);
	info->pes = BITLET_GET(array, CAPABILITY_ARRAY_PES);
	info->modes = BITLET_GET(array, CAPABILITY_ARRAY_MODES);
	info->output_lanes = BITLET_GET(array, CAPABILITY_ARRAY_OUTPUT_LANES);
	info->bus_bytes = BITLET_GET(bus, CAPABILITY_BUS_BUS_BYTES);
	info->address_bits = BITLET_GET(bus, CAPABILITY_BUS_ADDRESS_BITS);
	info->burst = BITLET_GET(bus, CAPABILITY_BUS_BURST);
	info->outstanding = BITLET_GET(bus, CAPABILITY_BUS_OUTSTANDING);
	info->out_bits = BITLET_GET(features, CAPABILITY_FEATURES_OUT_BITS);
	info->has_float = BITLET_GET(features, CAPABILITY_FEATURES_HAS_FLOAT) != 0;
	info->has_fixed = BITLET_GET(features, CAPABILITY_FEATURES_HAS_FIXED) != 0;
	info->zero_point = BITLET_GET(features, CAPABILITY_FEATURES_ZERO_POINT) != 0;
	info->parity = BITLET_GET(features, CAPABILITY_FEATURES_PARITY) != 0;
}

enum bitlet_dev_result bitlet_dev_probe(const struct bitlet_device *dev, struct bitlet_info *info)
{
	uint32_t version;
	if (get(dev, BITLET_REG_IDENTITY) != BITLET_IDENTITY_MAGIC_VALUE)
		return BITLET_DEV_ABSENT;
	version = get(dev, BITLET_REG_VERSION);
	if (BITLET_GET(version, VERSION_PROGRAM) != BITLET_VERSION_PROGRAM_VALUE)
		return BITLET_DEV_ABSENT;
	info->version[0] = BITLET_GET(version, VERSION_MAJOR);
	info->version[1] = BITLET_GET(version, VERSION_MINOR);
	info->version[2] = BITLET_GET(version, VERSION_PATCH);
	info->hash = get_pair(dev, BITLET_REG_HASH_LOW, BITLET_REG_HASH_HIGH);
	read_capabilities(dev, info);
	read_buffers(dev, info);
	return BITLET_DEV_OK;
}

static void clear_events(const struct bitlet_device *dev)
{
	put(dev, BITLET_REG_IRQ_STATUS, BITLET_IRQ_STATUS_DONE_MASK | BITLET_IRQ_STATUS_ERROR_MASK);
}

enum bitlet_dev_result bitlet_dev_start(const struct bitlet_device *dev, uint64_t address, uint32_t bytes)
{
	if (!is_idle(dev))
		return BITLET_DEV_BUSY;
	clear_events(dev);
	put(dev, BITLET_REG_IRQ_ENABLE, dev->wait ? BITLET_IRQ_ENABLE_DONE_MASK | BITLET_IRQ_ENABLE_ERROR_MASK : 0);
	put(dev, BITLET_REG_PROGRAM_LOW, (uint32_t)address);
	put(dev, BITLET_REG_PROGRAM_HIGH, (uint32_t)(address >> 32));
	put(dev, BITLET_REG_PROGRAM_BYTES, bytes);
	put(dev, BITLET_REG_CONTROL, BITLET_CONTROL_START_MASK);
	return BITLET_DEV_OK;
}

/* Waits until the core is idle. The time is looked at before STATUS, so that a host that was held up does not see a time-out of a run that has ended. */
static enum bitlet_dev_result wait_idle(const struct bitlet_device *dev, uint64_t timeout, bool irq)
{
	uint64_t start = dev->now(dev->context);
	for (;;) {
		uint64_t passed = dev->now(dev->context) - start;
		if (is_idle(dev)) {
			clear_events(dev);
			return BITLET_DEV_OK;
		}
		if (passed >= timeout)
			return BITLET_DEV_TIMEOUT;
		if (dev->wait && irq)
			dev->wait(dev->context, timeout - passed);
	}
}

static void read_error(const struct bitlet_device *dev, uint32_t status, struct bitlet_error *error)
{
	uint32_t position = get(dev, BITLET_REG_POSITION);
	error->code = BITLET_GET(status, STATUS_CODE);
	error->channel = BITLET_GET(status, STATUS_CHANNEL);
	error->address = get_pair(dev, BITLET_REG_ERROR_ADDRESS_LOW, BITLET_REG_ERROR_ADDRESS_HIGH);
	error->layer = BITLET_GET(position, POSITION_LAYER);
	error->tile = BITLET_GET(position, POSITION_TILE);
}

enum bitlet_dev_result bitlet_dev_error(const struct bitlet_device *dev, struct bitlet_error *error)
{
	uint32_t status = get(dev, BITLET_REG_STATUS);
	if (!BITLET_GET(status, STATUS_IDLE))
		return BITLET_DEV_BUSY;
	if (error)
		read_error(dev, status, error);
	return BITLET_GET(status, STATUS_ERROR) ? BITLET_DEV_ERROR : BITLET_DEV_OK;
}

enum bitlet_dev_result bitlet_dev_wait(const struct bitlet_device *dev, uint64_t timeout, struct bitlet_error *error)
{
	enum bitlet_dev_result result = wait_idle(dev, timeout, true);
	return result == BITLET_DEV_OK ? bitlet_dev_error(dev, error) : result;
}

enum bitlet_dev_result bitlet_dev_abort(const struct bitlet_device *dev, uint64_t timeout)
{
	put(dev, BITLET_REG_CONTROL, BITLET_CONTROL_ABORT_MASK);
	return wait_idle(dev, timeout, true);
}

enum bitlet_dev_result bitlet_dev_reset(const struct bitlet_device *dev, uint64_t timeout)
{
	put(dev, BITLET_REG_CONTROL, BITLET_CONTROL_RESET_MASK);
	return wait_idle(dev, timeout, false); /* IRQ_ENABLE is reset, too: there will be no irq */
}

enum bitlet_dev_result bitlet_dev_run(const struct bitlet_device *dev, uint64_t address, uint32_t bytes, uint64_t timeout, struct bitlet_error *error)
{
	static const struct bitlet_error none;
	enum bitlet_dev_result result = bitlet_dev_start(dev, address, bytes);
	if (error)
		*error = none;
	if (result != BITLET_DEV_OK)
		return result;
	result = bitlet_dev_wait(dev, timeout, error);
	if (result != BITLET_DEV_TIMEOUT || bitlet_dev_abort(dev, timeout) != BITLET_DEV_OK)
		return result;
	/* a run that came to its end just before the abort is a good one */
	result = bitlet_dev_error(dev, error);
	if (result == BITLET_DEV_ERROR && BITLET_GET(get(dev, BITLET_REG_STATUS), STATUS_CODE) == BITLET_ERROR_ABORTED)
		return BITLET_DEV_TIMEOUT;
	return result;
}

void bitlet_dev_clear(const struct bitlet_device *dev)
{
	clear_events(dev);
	put(dev, BITLET_REG_STATUS, BITLET_STATUS_START_IGNORED_MASK);
	bitlet_dev_flags(dev, true);
}

uint32_t bitlet_dev_flags(const struct bitlet_device *dev, bool clear)
{
	uint32_t flags = get(dev, BITLET_REG_FLAGS);
	if (clear)
		put(dev, BITLET_REG_FLAGS, flags);
	return flags;
}

uint64_t bitlet_dev_counter(const struct bitlet_device *dev, unsigned index)
{
	uint32_t low = BITLET_REG_COUNTERS + 8 * index;
	return index < BITLET_COUNTERS ? get_pair(dev, low, low + 4) : 0;
}

void bitlet_dev_counters(const struct bitlet_device *dev, uint64_t *counters)
{
	for (unsigned i = 0; i < BITLET_COUNTERS; i++)
		counters[i] = bitlet_dev_counter(dev, i);
}

const char *bitlet_error_name(unsigned code)
{
	switch (code) {
#define ERROR(name, number, meaning) case number: return #name;
	BITLET_ERROR_LIST(ERROR)
#undef ERROR
	default: return "?";
	}
}

const char *bitlet_error_meaning(unsigned code)
{
	switch (code) {
#define ERROR(name, number, meaning) case number: return meaning;
	BITLET_ERROR_LIST(ERROR)
#undef ERROR
	default: return "?";
	}
}

const char *bitlet_channel_name(unsigned channel)
{
	switch (channel) {
	case BITLET_CHANNEL_NONE: return "none";
	case BITLET_CHANNEL_ACT: return "act";
	case BITLET_CHANNEL_WGT: return "wgt";
	case BITLET_CHANNEL_OUT: return "out";
	case BITLET_CHANNEL_PROGRAM: return "program";
	default: return "?";
	}
}

const char *bitlet_counter_name(unsigned index)
{
	static const char *const names[] = {
#define COUNTER(name, meaning) #name,
		BITLET_COUNTER_LIST(COUNTER)
#undef COUNTER
	};
	return index < BITLET_COUNTERS ? names[index] : "?";
}

const char *bitlet_counter_meaning(unsigned index)
{
	static const char *const meanings[] = {
#define COUNTER(name, meaning) meaning,
		BITLET_COUNTER_LIST(COUNTER)
#undef COUNTER
	};
	return index < BITLET_COUNTERS ? meanings[index] : "?";
}
