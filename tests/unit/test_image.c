// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "unit.h"

#define NAME	"snomD7C-1.6.1-r.bin"
#define PART	"." NAME ".part"

static void test_life(void **state)
{
	int dir = unit_dir(state);
	struct image image;
	uint64_t size = 0;

	assert_int_equal(image_create(&image, dir, NAME), 0);
	assert_int_equal(image_write(&image, "hello", 5), 0);
	assert_true(unit_exists(dir, PART));
	assert_false(unit_exists(dir, NAME));
	assert_int_equal(image_stat(dir, NAME, &size), -ENOENT);
	assert_int_equal(image_finish(&image), 0);
	assert_int_equal(image.fd, -1);
	assert_false(unit_exists(dir, PART));
	assert_int_equal(image_stat(dir, NAME, &size), 0);
	assert_int_equal(size, 5);
	image_remove(dir, NAME);
	assert_false(unit_exists(dir, NAME));
}

static void test_reopen_and_rewind(void **state)
{
	int dir = unit_dir(state);
	struct image image;
	uint64_t size = 0;

	assert_int_equal(image_reopen(&image, dir, NAME), -ENOENT);
	assert_int_equal(image_create(&image, dir, NAME), 0);
	assert_int_equal(image_write(&image, "hello", 5), 0);
	image_close(&image);
	assert_int_equal(image_reopen(&image, dir, NAME), 0);
	assert_int_equal(image.size, 5);
	assert_int_equal(image_write(&image, " you", 4), 0);
	assert_int_equal(image.size, 9);
	assert_int_equal(image_rewind(&image), 0);
	assert_int_equal(image.size, 0);
	assert_int_equal(image_write(&image, "xyz", 3), 0);
	assert_int_equal(image_finish(&image), 0);
	assert_int_equal(image_stat(dir, NAME, &size), 0);
	assert_int_equal(size, 3);
}

static void test_peek(void **state)
{
	int dir = unit_dir(state);
	struct image image;
	char bytes[4];

	assert_int_equal(image_create(&image, dir, NAME), 0);
	assert_int_equal(image_peek(&image, 0, bytes, sizeof(bytes)), 0);
	assert_int_equal(image_write(&image, "hello", 5), 0);
	assert_int_equal(image_peek(&image, 0, bytes, sizeof(bytes)), 4);
	assert_memory_equal(bytes, "hell", 4);
	assert_int_equal(image_peek(&image, 3, bytes, sizeof(bytes)), 2);
	assert_memory_equal(bytes, "lo", 2);
	assert_int_equal(image_peek(&image, 9, bytes, sizeof(bytes)), 0);
	/* It goes on where it was. */
	assert_int_equal(image_write(&image, "!", 1), 0);
	assert_int_equal(image_peek(&image, 4, bytes, sizeof(bytes)), 2);
	assert_memory_equal(bytes, "o!", 2);
	image_close(&image);
	assert_int_equal(image_peek(&image, 0, bytes, sizeof(bytes)), -EBADF);
}

static void test_full_disk(void **state)
{
	struct image image = { .dir = -1, .fd = open("/dev/full", O_WRONLY) };

	(void)state;
	assert_true(image.fd >= 0);
	assert_int_equal(image_write(&image, "x", 1), -ENOSPC);
	assert_int_equal(image.size, 0);
	image_close(&image);
}

/* Only what uxmcd put there is removed, and not what is kept. */
static void test_sweep(void **state)
{
	int dir = unit_dir(state);

	unit_write(dir, NAME, "x");
	unit_write(dir, PART, "x");
	unit_write(dir, "snomD8C-1.5.3-r.bin", "x");
	unit_write(dir, ".snomD8C-1.5.3-r.bin.part", "x");
	unit_write(dir, "README", "x");
	unit_write(dir, ".hidden", "x");
	assert_int_equal(image_sweep(dir, NAME), 2);
	assert_true(unit_exists(dir, NAME));
	assert_true(unit_exists(dir, PART));
	assert_false(unit_exists(dir, "snomD8C-1.5.3-r.bin"));
	assert_int_equal(image_sweep(dir, NULL), 2);
	assert_false(unit_exists(dir, PART));
	assert_true(unit_exists(dir, "README"));
	assert_true(unit_exists(dir, ".hidden"));
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, unit_make_dir, \
							unit_remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life), TEST(test_reopen_and_rewind),
		TEST(test_peek), TEST(test_full_disk), TEST(test_sweep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
