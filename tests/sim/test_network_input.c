/* Arrays and pictures as a network's inputs: every kind of PNG, JPEG, preprocessing against its definition in plain loops, damaged files, every complaint. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <png.h>

#include "file.h"
#include "network_input.h"
#include "picture.h"
#include "stimulus.h"

enum { W = 7, H = 5 };
static uint8_t pixels[H][W][3];

static void make_pixels(void)
{
	struct bitlet_rng r = {5};
	for (int i = 0; i < H * W * 3; i++)
		((uint8_t *)pixels)[i] = (uint8_t)bitlet_random_below(&r, 256);
}

/* ---- files ---- */

/* A PNG of some kind; what is written for channel c of a pixel is made of pixels[][][c]. */
static void save_png(const char *path, int type, int depth, int interlace)
{
	int channels = type == PNG_COLOR_TYPE_GRAY || type == PNG_COLOR_TYPE_PALETTE ? 1 : type == PNG_COLOR_TYPE_RGB ? 3 : type == PNG_COLOR_TYPE_GRAY_ALPHA ? 2 : 4;
	int colours = channels - (channels == 2 || channels == 4);
	FILE *f = fopen(path, "wb");
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	assert_non_null(f);
	png_init_io(png, f);
	png_set_IHDR(png, info, W, H, depth, type, interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_color palette[256];
	for (int i = 0; i < 256; i++)
		palette[i] = (png_color){(uint8_t)i, (uint8_t)(255 - i), (uint8_t)(i ^ 85)};
	if (type == PNG_COLOR_TYPE_PALETTE)
		png_set_PLTE(png, info, palette, 256);
	png_write_info(png, info);
	uint8_t row[H][W * 4 * 2];
	uint8_t *rows[H];
	for (int y = 0; y < H; y++) {
		size_t at = 0;
		rows[y] = row[y];
		for (int x = 0; x < W; x++)
			for (int c = 0; c < channels; c++) {
				uint8_t v = c < colours ? pixels[y][x][c] : (uint8_t)(x * 30); /* alpha: to be dropped */
				row[y][at++] = v;
				if (depth == 16)
					row[y][at++] = v; /* 257 * v: exactly v of 255 */
			}
	}
	png_write_image(png, rows);
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	assert_int_equal(fclose(f), 0);
}

static void save_jpeg(const char *path, int width, int height, int channels, J_COLOR_SPACE space, bool progressive, const uint8_t *data)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr e;
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	c.err = jpeg_std_error(&e);
	jpeg_create_compress(&c);
	jpeg_stdio_dest(&c, f);
	c.image_width = (unsigned)width;
	c.image_height = (unsigned)height;
	c.input_components = channels;
	c.in_color_space = space;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, 100, TRUE);
	if (progressive)
		jpeg_simple_progression(&c);
	jpeg_start_compress(&c, TRUE);
	for (int y = 0; y < height; y++) {
		uint8_t row[4 * 64];
		memcpy(row, data + (size_t)y * (size_t)(width * channels), (size_t)(width * channels));
		JSAMPROW rows[1] = {row};
		jpeg_write_scanlines(&c, rows, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	assert_int_equal(fclose(f), 0);
}

static void *load(const char *path, size_t *size)
{
	struct fault f = {""};
	void *data = file_load(path, 1 << 20, size, &f);
	assert_non_null(data);
	return data;
}

static struct picture read_picture(const char *path)
{
	size_t size;
	void *data = load(path, &size);
	struct picture p;
	struct fault f = {""};
	assert_true(picture_is(data, size));
	if (!picture_parse(data, size, &p, &f))
		fail_msg("%s", f.text);
	free(data);
	return p;
}

static void test_png(void **state)
{
	static const struct {
		int type, depth, interlace;
		unsigned channels;
	} kind[] = {
		{PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE, 3}, {PNG_COLOR_TYPE_RGB, 16, PNG_INTERLACE_NONE, 3}, {PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_ADAM7, 3},
		{PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_NONE, 1}, {PNG_COLOR_TYPE_GRAY, 16, PNG_INTERLACE_ADAM7, 1}, {PNG_COLOR_TYPE_RGB_ALPHA, 8, PNG_INTERLACE_NONE, 3},
		{PNG_COLOR_TYPE_GRAY_ALPHA, 8, PNG_INTERLACE_NONE, 1}, {PNG_COLOR_TYPE_PALETTE, 8, PNG_INTERLACE_NONE, 3},
	};
	(void)state;
	for (size_t k = 0; k < sizeof kind / sizeof *kind; k++) {
		save_png("a.png", kind[k].type, kind[k].depth, kind[k].interlace);
		struct picture p = read_picture("a.png");
		assert_int_equal(p.width, W);
		assert_int_equal(p.height, H);
		assert_int_equal(p.channels, kind[k].channels);
		for (unsigned i = 0; i < H * W; i++)
			for (unsigned c = 0; c < p.channels; c++) {
				uint8_t v = ((uint8_t *)pixels)[i * 3 + c], first = ((uint8_t *)pixels)[i * 3];
				uint8_t looked_up[3] = {first, (uint8_t)(255 - first), (uint8_t)(first ^ 85)};
				assert_int_equal(p.pixel[i * p.channels + c], kind[k].type == PNG_COLOR_TYPE_PALETTE ? looked_up[c] : v);
			}
		picture_free(&p);
	}
}

/* Flat colours survive JPEG to a step or two. */
static void test_jpeg(void **state)
{
	uint8_t flat[16 * 16 * 4];
	(void)state;
	for (int i = 0; i < 256; i++) {
		flat[3 * i] = 200;
		flat[3 * i + 1] = 90;
		flat[3 * i + 2] = 30;
	}
	for (int progressive = 0; progressive < 2; progressive++) {
		save_jpeg("a.jpg", 16, 16, 3, JCS_RGB, progressive, flat);
		struct picture p = read_picture("a.jpg");
		assert_int_equal(p.channels, 3);
		for (int i = 0; i < 256 * 3; i++)
			assert_in_range(p.pixel[i] + 2 - flat[i], 0, 4);
		picture_free(&p);
	}
	save_jpeg("g.jpg", 9, 3, 1, JCS_GRAYSCALE, false, (uint8_t *)pixels);
	struct picture p = read_picture("g.jpg");
	assert_int_equal(p.channels, 1);
	assert_int_equal(p.width, 9);
	assert_int_equal(p.height, 3);
	for (int i = 0; i < 27; i++)
		assert_in_range(p.pixel[i] + 3 - ((uint8_t *)pixels)[i], 0, 6);
	picture_free(&p);
}

/* ---- damage ---- */

static bool parses(const void *data, size_t size, struct fault *f)
{
	struct picture p;
	f->text[0] = '\0';
	void *copy = malloc(size ? size : 1); /* its end is the allocation's, for the sanitizer */
	memcpy(copy, data, size);
	bool good = picture_parse(copy, size, &p, f);
	assert_true(good ? !f->text[0] && p.pixel : f->text[0] && !p.pixel);
	picture_free(&p);
	free(copy);
	return good;
}

static void damage(const char *path)
{
	size_t size;
	struct fault f;
	uint8_t *data = load(path, &size);
	struct bitlet_rng r = {9};
	assert_true(parses(data, size, &f));
	for (size_t cut = 0; cut < size; cut++)
		assert_false(parses(data, cut, &f));
	for (int i = 0; i < 2000; i++) { /* any end is good but a crash */
		size_t at = bitlet_random_below(&r, (uint32_t)size);
		uint8_t bit = (uint8_t)(1 << bitlet_random_below(&r, 8));
		data[at] ^= bit;
		parses(data, size, &f);
		data[at] ^= bit;
	}
	free(data);
}

static void test_damaged(void **state)
{
	(void)state;
	save_png("a.png", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_ADAM7);
	damage("a.png");
	save_jpeg("a.jpg", W, H, 3, JCS_RGB, false, (uint8_t *)pixels);
	damage("a.jpg");
	save_jpeg("a.jpg", W, H, 3, JCS_RGB, true, (uint8_t *)pixels);
	damage("a.jpg");
}

static void expect_fault(const void *data, size_t size, const char *part)
{
	struct fault f;
	assert_false(parses(data, size, &f));
	if (!strstr(f.text, part))
		fail_msg("'%s'; expected '%s'", f.text, part);
}

static void test_refused(void **state)
{
	size_t size;
	uint8_t cmyk[W * H * 4] = {0};
	(void)state;
	save_jpeg("c.jpg", W, H, 4, JCS_CMYK, false, cmyk);
	uint8_t *data = load("c.jpg", &size);
	expect_fault(data, size, "CMYK");
	free(data);
	save_png("a.png", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE);
	data = load("a.png", &size);
	expect_fault(data, size - 12, "cut off");
	data[16] = 0x7f; /* width 2130706439 */
	expect_fault(data, size, "damaged PNG");
	free(data);
	expect_fault("plain text", 10, "neither");
	save_jpeg("a.jpg", W, H, 3, JCS_RGB, false, (uint8_t *)pixels);
	data = load("a.jpg", &size);
	for (size_t i = 0; i + 8 < size; i++)
		if (data[i] == 0xff && data[i + 1] == 0xc0)
			memset(data + i + 5, 0x70, 4); /* 28784 x 28784 */
	expect_fault(data, size, "expected at most");
	free(data);
}

/* ---- scaling ---- */

/* Every source pixel with the weight of a hat of width 2 about the clamped coordinate. */
static double hat(const struct picture *p, unsigned width, unsigned height, unsigned x, unsigned y, unsigned c)
{
	double sx = (x + 0.5) * p->width / width - 0.5, sy = (y + 0.5) * p->height / height - 0.5, sum = 0;
	sx = sx < 0 ? 0 : sx > p->width - 1 ? p->width - 1 : sx;
	sy = sy < 0 ? 0 : sy > p->height - 1 ? p->height - 1 : sy;
	for (unsigned i = 0; i < p->height; i++)
		for (unsigned k = 0; k < p->width; k++)
			sum += fmax(0, 1 - fabs(sy - i)) * fmax(0, 1 - fabs(sx - k)) * p->pixel[(i * p->width + k) * p->channels + c];
	return sum;
}

static void test_scale(void **state)
{
	static const unsigned size[][2] = {{W, H}, {2 * W, 2 * H}, {3, 2}, {1, 1}, {W, 13}, {16, H}};
	struct picture p = {.width = W, .height = H, .channels = 3, .pixel = (uint8_t *)pixels};
	(void)state;
	for (size_t k = 0; k < sizeof size / sizeof *size; k++)
		for (unsigned y = 0; y < size[k][1]; y++)
			for (unsigned x = 0; x < size[k][0]; x++) {
				for (unsigned c = 0; c < 3; c++)
					assert_true(fabs(picture_sample(&p, size[k][0], size[k][1], x, y, 3, c) - hat(&p, size[k][0], size[k][1], x, y, c)) < 1e-9);
				double grey = 0.299 * hat(&p, size[k][0], size[k][1], x, y, 0) + 0.587 * hat(&p, size[k][0], size[k][1], x, y, 1) +
				              0.114 * hat(&p, size[k][0], size[k][1], x, y, 2);
				assert_true(fabs(picture_sample(&p, size[k][0], size[k][1], x, y, 1, 0) - grey) < 1e-9);
			}
	struct picture g = {.width = 1, .height = 1, .channels = 1, .pixel = (uint8_t[]){77}};
	assert_true(picture_sample(&g, 4, 4, 3, 3, 3, 2) == 77);
}

/* ---- inputs ---- */

static char said[NETWORK_INPUT_TEXT];

static struct tensor *input(const struct graph_value *v, const char *path, const struct network_input_options *o)
{
	struct fault f = {""};
	struct tensor *t = network_input_load(v, path, o, false, said, &f);
	if (!t)
		fail_msg("%s", f.text);
	return t;
}

static void refuse(const struct graph_value *v, const char *path, const struct network_input_options *o, const char *part)
{
	struct fault f = {""};
	assert_null(network_input_load(v, path, o, false, said, &f));
	if (!strstr(f.text, part) || !strstr(f.text, path))
		fail_msg("'%s'; expected '%s'", f.text, part);
}

static struct graph_value value(enum tensor_type type, unsigned rank, int64_t a, int64_t b, int64_t c, int64_t d)
{
	static char name[] = "image";
	return (struct graph_value){.name = name, .typed = true, .is_input = true, .type = type, .rank = rank, .dim = {a, b, c, d}};
}

static void test_values(void **state)
{
	static const struct network_input_options plain = {0}, full = {.scale = 0.5, .mean = {1, 2, 3}, .means = 3, .std = {4, 5, 8}, .stds = 3};
	(void)state;
	save_png("a.png", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE);
	struct graph_value v = value(TENSOR_FLOAT32, 4, 1, 3, H, W);
	struct tensor *t = input(&v, "a.png", &plain);
	assert_non_null(strstr(said, "7 x 5 RGB, not scaled"));
	assert_non_null(strstr(said, "float32 NCHW"));
	for (unsigned c = 0; c < 3; c++)
		for (unsigned i = 0; i < H * W; i++)
			assert_true(((float *)t->data)[c * H * W + i] == (float)(pixels[i / W][i % W][c] * (1 / 255.0)));
	tensor_free(t);
	v = value(TENSOR_FLOAT32, 4, -1, H, W, 3);
	t = input(&v, "a.png", &full);
	assert_non_null(strstr(said, "(pixel * 0.5 - (1, 2, 3)) / (4, 5, 8)"));
	assert_non_null(strstr(said, "NHWC"));
	assert_int_equal(t->dim[0], 1);
	for (unsigned i = 0; i < H * W * 3; i++)
		assert_true(((float *)t->data)[i] == (float)((((uint8_t *)pixels)[i] * 0.5 - full.mean[i % 3]) / full.std[i % 3]));
	tensor_free(t);
	v = value(TENSOR_FLOAT32, 3, 1, H, W, 0); /* grey, no batch */
	t = input(&v, "a.png", &(struct network_input_options){.scale = 1});
	assert_int_equal(t->rank, 3);
	for (unsigned i = 0; i < H * W; i++) {
		const uint8_t *p = pixels[i / W][i % W];
		assert_true(((float *)t->data)[i] == (float)((299 * p[0] + 587 * p[1] + 114 * p[2]) / 1000.0));
	}
	tensor_free(t);
}

static void test_codes(void **state)
{
	static const struct network_input_options plain = {0};
	float scale = 0.0125f;
	int32_t zero = -20;
	struct graph_quant q = {.count = 1, .scale = &scale, .zero = &zero};
	(void)state;
	save_png("a.png", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE);
	struct graph_value v = value(TENSOR_UINT8, 4, 1, H, W, 3);
	struct tensor *t = input(&v, "a.png", &plain);
	assert_memory_equal(t->data, pixels, sizeof pixels);
	tensor_free(t);
	v.type = TENSOR_INT8;
	t = input(&v, "a.png", &plain);
	assert_non_null(strstr(said, "- 128"));
	for (unsigned i = 0; i < sizeof pixels; i++)
		assert_int_equal(((int8_t *)t->data)[i], ((uint8_t *)pixels)[i] - 128);
	tensor_free(t);
	v.quant = &q;
	t = input(&v, "a.png", &plain);
	assert_non_null(strstr(said, "/ 0.0125 rounded + -20"));
	for (unsigned i = 0; i < sizeof pixels; i++) {
		double real = ((uint8_t *)pixels)[i] * (1 / 255.0) / (double)scale;
		int code = (int)floor(real + 0.5) + zero;
		assert_int_equal(((int8_t *)t->data)[i], code > 127 ? 127 : code);
	}
	tensor_free(t);
}

static void test_sizes(void **state)
{
	(void)state;
	save_png("a.png", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE);
	struct picture p = read_picture("a.png");
	struct graph_value v = value(TENSOR_FLOAT32, 4, 1, 3, 4, 6);
	struct tensor *t = input(&v, "a.png", &(struct network_input_options){.scale = 1, .width = 11, .height = 9});
	assert_non_null(strstr(said, "bilinear to 11 x 9, centre 6 x 4"));
	for (unsigned y = 0; y < 4; y++)
		for (unsigned x = 0; x < 6; x++)
			assert_true(((float *)t->data)[4 * 6 + y * 6 + x] == (float)picture_sample(&p, 11, 9, x + 2, y + 2, 3, 1));
	tensor_free(t);
	v = value(TENSOR_FLOAT32, 4, -1, 3, -1, -1);
	t = input(&v, "a.png", &(struct network_input_options){.scale = 1});
	assert_int_equal(t->dim[2], H);
	assert_int_equal(t->dim[3], W);
	tensor_free(t);
	t = input(&v, "a.png", &(struct network_input_options){.scale = 1, .width = 2, .height = 3});
	assert_int_equal(t->dim[2], 3);
	assert_int_equal(t->dim[3], 2);
	tensor_free(t);
	v = value(TENSOR_FLOAT32, 4, 1, 3, 8, 3); /* both ends look like channels */
	refuse(&v, "a.png", &(struct network_input_options){0}, "--layout");
	t = input(&v, "a.png", &(struct network_input_options){.layout = LAYOUT_NHWC});
	assert_non_null(strstr(said, "bilinear to 8 x 3"));
	tensor_free(t);
	picture_free(&p);
}

static void test_picture_complaints(void **state)
{
	static const struct network_input_options plain = {0};
	(void)state;
	save_png("a.png", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE);
	struct graph_value v = value(TENSOR_FLOAT32, 4, 1, 5, 8, 8);
	refuse(&v, "a.png", &plain, "expected 1 or 3 channels");
	v = value(TENSOR_FLOAT32, 2, 8, 8, 0, 0);
	refuse(&v, "a.png", &plain, "expected 1 or 3 channels");
	v = value(TENSOR_FLOAT32, 4, 2, 3, 8, 8);
	refuse(&v, "a.png", &plain, "[2, 3, 8, 8]");
	v = value(TENSOR_INT64, 4, 1, 3, 8, 8);
	refuse(&v, "a.png", &plain, "expected an input of float32, uint8 or int8");
	v = value(TENSOR_FLOAT32, 4, 1, 1, 8, 8);
	refuse(&v, "a.png", &(struct network_input_options){.means = 3}, "--mean has 3 numbers");
	refuse(&v, "a.png", &(struct network_input_options){.stds = 2, .std = {1, 1}}, "--std has 2 numbers");
	refuse(&v, "a.png", &(struct network_input_options){.width = 6, .height = 9}, "--resize 6x9");
	v = value(TENSOR_FLOAT32, 4, 1, 3, 16384, 16384);
	refuse(&v, "a.png", &plain, "bytes");
	v = value(TENSOR_FLOAT32, 4, 1, 3, 0, 8);
	refuse(&v, "a.png", &plain, "[1, 3, 0, 8]");
}

static void save_array(const char *path, enum tensor_type type, unsigned rank, int64_t a, int64_t b, int64_t c)
{
	struct fault f = {""};
	struct tensor *t = tensor_new(type, rank, (int64_t[]){a, b, c}, &f);
	assert_non_null(t);
	for (size_t i = 0; i < t->count && type == TENSOR_FLOAT32; i++)
		((float *)t->data)[i] = (float)i * 0.125f - 0.4375f;
	assert_true(npy_save(path, t, &f));
	tensor_free(t);
}

static void test_arrays(void **state)
{
	static const struct network_input_options plain = {0}, quantise = {.quantise = true};
	float scale = 0.25f;
	int32_t zero = 3;
	struct graph_quant q = {.count = 1, .scale = &scale, .zero = &zero};
	(void)state;
	save_array("f.npy", TENSOR_FLOAT32, 2, 2, 4, 0);
	struct graph_value v = value(TENSOR_FLOAT32, 3, 1, 2, 4, 0);
	struct tensor *t = input(&v, "f.npy", &plain); /* the batch is added */
	assert_int_equal(t->rank, 3);
	assert_int_equal(t->dim[0], 1);
	assert_int_equal(t->dim[2], 4);
	tensor_free(t);
	v = value(TENSOR_FLOAT32, 2, -1, 4, 0, 0);
	tensor_free(input(&v, "f.npy", &plain));
	v = value(TENSOR_FLOAT32, 2, -1, 5, 0, 0);
	refuse(&v, "f.npy", &plain, "shape [2, 4]; expected [-1, 5]");
	v = value(TENSOR_FLOAT32, 3, 2, 2, 4, 0); /* a batch of 2 cannot be made up */
	refuse(&v, "f.npy", &plain, "shape [2, 4]; expected [2, 2, 4]");
	v = value(TENSOR_UINT8, 2, 2, 4, 0, 0);
	refuse(&v, "f.npy", &plain, "type float32; expected uint8");
	v.quant = &q;
	refuse(&v, "f.npy", &plain, "--quantize-input");
	t = input(&v, "f.npy", &quantise);
	static const uint8_t want[8] = {1, 2, 2, 3, 3, 4, 4, 5}; /* -1.75 -1.25 -0.75 -0.25 0.25 0.75 1.25 1.75, half away from zero, + 3 */
	assert_memory_equal(t->data, want, 8);
	tensor_free(t);
	save_array("i.npy", TENSOR_INT16, 2, 2, 4, 0);
	refuse(&v, "i.npy", &quantise, "type int16; expected uint8");
	save_array("e.npy", TENSOR_FLOAT32, 2, 0, 4, 0);
	v = value(TENSOR_FLOAT32, 2, -1, 4, 0, 0);
	refuse(&v, "e.npy", &plain, "at least one element");
	struct fault f = {""};
	assert_true(file_save("t.txt", "hello", 5, "", 0, &f));
	refuse(&v, "t.txt", &plain, "is no .npy, PNG or JPEG file");
	refuse(&v, "no-such-file", &plain, "");
	assert_true(file_save("z.npy", "", 0, "", 0, &f));
	refuse(&v, "z.npy", &plain, "is no .npy, PNG or JPEG file");
}

int main(void)
{
	char dir[] = "/tmp/bitlet_network_input_XXXXXX";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_png), cmocka_unit_test(test_jpeg), cmocka_unit_test(test_damaged), cmocka_unit_test(test_refused), cmocka_unit_test(test_scale),
		cmocka_unit_test(test_values), cmocka_unit_test(test_codes), cmocka_unit_test(test_sizes), cmocka_unit_test(test_picture_complaints),
		cmocka_unit_test(test_arrays),
	};
	if (!mkdtemp(dir) || chdir(dir) != 0)
		return 2;
	make_pixels();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	static const char *const file[] = {"a.png", "a.jpg", "g.jpg", "c.jpg", "f.npy", "i.npy", "e.npy", "t.txt", "z.npy"};
	for (size_t i = 0; i < sizeof file / sizeof *file; i++)
		unlink(file[i]);
	rmdir(dir);
	return failed;
}
