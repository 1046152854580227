#include "picture.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

enum { SIGNATURE = 8, JPEG_MAX_SCANS = 200 };

/* A file while it is decoded. The libraries leave by longjmp, so that everything that must survive lives here. */
struct decoder {
	const uint8_t *data;
	size_t size, at;
	struct picture *p;
	uint8_t **row;
	struct fault *f;
	jmp_buf out;
	png_structp png;
	png_infop info;
	struct jpeg_error_mgr jpeg_error;
	struct jpeg_progress_mgr jpeg_progress;
	struct jpeg_decompress_struct jpeg;
};

static bool is_png(const void *data, size_t size)
{
	return size >= SIGNATURE && png_sig_cmp(data, 0, SIGNATURE) == 0;
}

static bool is_jpeg(const void *data, size_t size)
{
	return size >= 3 && !memcmp(data, "\xff\xd8\xff", 3);
}

bool picture_is(const void *data, size_t size)
{
	return is_png(data, size) || is_jpeg(data, size);
}

void picture_free(struct picture *p)
{
	free(p->pixel);
	*p = (struct picture){0};
}

static bool allocate(struct decoder *d, uint64_t width, uint64_t height, unsigned channels)
{
	if (width < 1 || height < 1 || width > PICTURE_MAX_SIDE || height > PICTURE_MAX_SIDE || width * height > PICTURE_MAX_PIXELS)
		return fault_set(d->f, "%llu x %llu pixels; expected at most %d a side and %d in all", (unsigned long long)width, (unsigned long long)height,
		                 PICTURE_MAX_SIDE, PICTURE_MAX_PIXELS);
	size_t pitch = (size_t)width * channels;
	*d->p = (struct picture){.width = (unsigned)width, .height = (unsigned)height, .channels = channels, .pixel = malloc(pitch * (size_t)height)};
	d->row = malloc((size_t)height * sizeof *d->row);
	if (!d->p->pixel || !d->row)
		return fault_set(d->f, "out of memory for %llu x %llu pixels", (unsigned long long)width, (unsigned long long)height);
	for (size_t y = 0; y < height; y++)
		d->row[y] = d->p->pixel + y * pitch;
	return true;
}

/* ---- PNG ---- */

static void png_failed(png_structp png, png_const_charp text)
{
	struct decoder *d = png_get_error_ptr(png);
	fault_set(d->f, "damaged PNG: %s", text);
	longjmp(d->out, 1);
}

static void png_warned(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void png_take(png_structp png, png_bytep to, size_t bytes)
{
	struct decoder *d = png_get_io_ptr(png);
	if (bytes > d->size - d->at)
		png_error(png, "the file is cut off");
	memcpy(to, d->data + d->at, bytes);
	d->at += bytes;
}

static bool read_png(struct decoder *d)
{
	d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, d, png_failed, png_warned);
	d->info = d->png ? png_create_info_struct(d->png) : NULL;
	if (!d->info)
		return fault_set(d->f, "out of memory");
	if (setjmp(d->out))
		return false;
	png_set_read_fn(d->png, d, png_take);
	png_set_user_limits(d->png, PICTURE_MAX_SIDE, PICTURE_MAX_SIDE);
	png_set_chunk_malloc_max(d->png, 8 << 20);
	png_read_info(d->png, d->info);
	bool grey = !(png_get_color_type(d->png, d->info) & PNG_COLOR_MASK_COLOR);
	png_set_expand(d->png);
	png_set_scale_16(d->png);
	png_set_strip_alpha(d->png);
	png_set_interlace_handling(d->png);
	png_read_update_info(d->png, d->info);
	if (!allocate(d, png_get_image_width(d->png, d->info), png_get_image_height(d->png, d->info), grey ? 1 : 3))
		return false;
	if (png_get_rowbytes(d->png, d->info) != (size_t)d->p->width * d->p->channels)
		png_error(d->png, "rows of an unknown form");
	png_read_image(d->png, d->row);
	png_read_end(d->png, NULL);
	return true;
}

/* ---- JPEG ---- */

static void jpeg_failed(j_common_ptr c)
{
	struct decoder *d = c->client_data;
	char text[JMSG_LENGTH_MAX];
	c->err->format_message(c, text);
	fault_set(d->f, "damaged JPEG: %s", text);
	longjmp(d->out, 1);
}

/* Level -1 is a warning: the data are damaged, and libjpeg would make up what is missing. */
static void jpeg_said(j_common_ptr c, int level)
{
	if (level < 0)
		jpeg_failed(c);
}

/* A progressive file of many scans takes all day. */
static void jpeg_went_on(j_common_ptr c)
{
	struct decoder *d = c->client_data;
	if (d->jpeg.input_scan_number <= JPEG_MAX_SCANS)
		return;
	fault_set(d->f, "damaged JPEG: more than %d scans", JPEG_MAX_SCANS);
	longjmp(d->out, 1);
}

static bool read_jpeg(struct decoder *d)
{
	d->jpeg.err = jpeg_std_error(&d->jpeg_error);
	d->jpeg.client_data = d;
	d->jpeg_error.error_exit = jpeg_failed;
	d->jpeg_error.emit_message = jpeg_said;
	d->jpeg_progress.progress_monitor = jpeg_went_on;
	if (setjmp(d->out))
		return false;
	jpeg_create_decompress(&d->jpeg);
	d->jpeg.client_data = d;
	d->jpeg.progress = &d->jpeg_progress;
	jpeg_mem_src(&d->jpeg, d->data, d->size);
	jpeg_read_header(&d->jpeg, TRUE);
	bool grey = d->jpeg.jpeg_color_space == JCS_GRAYSCALE;
	if (d->jpeg.jpeg_color_space == JCS_CMYK || d->jpeg.jpeg_color_space == JCS_YCCK)
		return fault_set(d->f, "a CMYK picture; expected RGB or grey");
	if (!allocate(d, d->jpeg.image_width, d->jpeg.image_height, grey ? 1 : 3)) /* before the decoder takes memory for it */
		return false;
	d->jpeg.out_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
	jpeg_start_decompress(&d->jpeg);
	while (d->jpeg.output_scanline < d->jpeg.output_height)
		jpeg_read_scanlines(&d->jpeg, &d->row[d->jpeg.output_scanline], d->jpeg.output_height - d->jpeg.output_scanline);
	jpeg_finish_decompress(&d->jpeg);
	return true;
}

bool picture_parse(const void *data, size_t size, struct picture *p, struct fault *f)
{
	*p = (struct picture){0};
	struct decoder *d = calloc(1, sizeof *d);
	if (!d)
		return fault_set(f, "out of memory");
	d->data = data;
	d->size = size;
	d->p = p;
	d->f = f;
	bool good = is_png(data, size) ? read_png(d) : is_jpeg(data, size) ? read_jpeg(d) : fault_set(f, "is neither a PNG nor a JPEG file");
	if (d->png)
		png_destroy_read_struct(&d->png, &d->info, NULL);
	if (d->jpeg.err)
		jpeg_destroy_decompress(&d->jpeg);
	free(d->row);
	free(d);
	if (!good)
		picture_free(p);
	return good;
}

/* ---- pixels ---- */

static double channel_of(const struct picture *p, unsigned x, unsigned y, unsigned channels, unsigned c)
{
	const uint8_t *v = p->pixel + ((size_t)y * p->width + x) * p->channels;
	if (p->channels == 1)
		return v[0];
	return channels == 1 ? (299 * v[0] + 587 * v[1] + 114 * v[2]) / 1000.0 : v[c];
}

/* Where coordinate `i` of `to` lies among `from` pixels: between *low and *low + 1, at the share returned. */
static double place(unsigned i, unsigned to, unsigned from, unsigned *low)
{
	double at = (i + 0.5) * from / to - 0.5;
	at = fmin(fmax(at, 0), from - 1);
	*low = (unsigned)at;
	return at - *low;
}

double picture_sample(const struct picture *p, unsigned width, unsigned height, unsigned x, unsigned y, unsigned channels, unsigned c)
{
	unsigned left, top;
	double right = place(x, width, p->width, &left), down = place(y, height, p->height, &top);
	unsigned next = right > 0 ? left + 1 : left, below = down > 0 ? top + 1 : top;
	double upper = channel_of(p, left, top, channels, c) * (1 - right) + channel_of(p, next, top, channels, c) * right;
	double lower = channel_of(p, left, below, channels, c) * (1 - right) + channel_of(p, next, below, channels, c) * right;
	return upper * (1 - down) + lower * down;
}
