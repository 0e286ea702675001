// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <unistd.h>

#include "config.h"
#include "daemon.h"
#include "fetches.h"
#include "phone.h"
#include "random.h"
#include "server.h"
#include "text.h"
#include "world.h"

#define STEP	4000	/* milliseconds between two steps of the driver */
#define FILES	64	/* descriptors that uxmcd may have */

/* The power is cut everywhere then, in the middle of what there is. */
static const uint64_t cuts[] = {
	24 * HOUR + 600000, 49 * HOUR, HOSTILE_FROM * HOUR + HOUR / 2, WEEK
};

static jmp_buf cut;
static size_t cuts_done;
static uint64_t driver_due;
static unsigned int current;
static int first_file;

void world_wrong(const char *what, ...)
{
	va_list args;

	fprintf(stderr, "phone %u, %llu s: ", current,
		(unsigned long long)clock_wall() / 1000);
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

uint64_t random_bits(void)
{
	return server_draw();
}

void world_flash(size_t module, const char *url, const char *file,
		 unsigned int *reasons)
{
	(void)reasons;
	wear_flash(module, url, disk_image(file), true);
	driver_due = clock_now() + STEP;
}

bool world_takes(unsigned int image)
{
	return !(image % 2);
}

static void act_driver(void)
{
	driver_due = driver_work() ? clock_now() + STEP : UINT64_MAX;
}

/* What comes next, comes now. */
void world_act(void)
{
	uint64_t alarm = clock_alarm() ? clock_alarm() : UINT64_MAX;
	uint64_t server = server_due();
	uint64_t next = MIN(MIN(alarm, server), driver_due);
	uint64_t power = cuts[cuts_done] - (clock_wall() - clock_now());

	next = MIN(next, power);
	if (next > clock_now())
		clock_advance(next - clock_now());
	if (next == power)
		longjmp(cut, 1);
	else if (next == server)
		server_act();
	else if (next == driver_due)
		act_driver();
}

static void configure(struct config *config, enum phone_kind kind)
{
	config_defaults(config);
	strcpy(config->phone_firmware, "10.1.101.11");
	snprintf(config->phone_mac, sizeof(config->phone_mac), "000413%06X", current);
	strcpy(config->state_dir, disk_path());
	snprintf(config->control, sizeof(config->control), "%s/control", disk_path());
	strcpy(config->settings[SETTING_FIRMWARE_STATUS], "http://pbx/{mac}.xml");
	config->image_size_min = IMAGE_SIZE / 2;
	config->match_module = kind == PHONE_CHAIN || kind == PHONE_NAMELESS_CHAIN;
	config->chain = config->match_module;
}

static void lose_power(void)
{
	int file;

	cuts_done++;
	fetch_close_all();
	for (file = first_file; file < first_file + FILES; file++)
		close(file);
	clock_boot();
	driver_boot();
	driver_due = clock_now();
}

static void run(const struct config *config)
{
	static const struct keys none;

	while (cuts_done < ARRAY_SIZE(cuts)) {
		if (setjmp(cut)) {
			lose_power();
			continue;
		}
		daemon_run(config, &none, false);
		world_wrong("uxmcd does not start, or ends");
	}
}

static unsigned int count_right(unsigned int modules)
{
	unsigned int i, right = 0;

	for (i = 0; i < modules; i++)
		right += !strcmp(driver_module(i)->version, RIGHT_VERSION);
	return right;
}

static void begin(enum phone_kind kind, unsigned int modules)
{
	cuts_done = 0;
	driver_due = UINT64_MAX;
	first_file = dup(0);
	close(first_file);
	clock_reset();
	disk_make();
	wear_reset();
	server_meet(current);
	driver_reset(modules, kind == PHONE_NAMELESS || kind == PHONE_NAMELESS_CHAIN);
}

struct phone phone_run(unsigned int number)
{
	enum phone_kind kind = number % PHONE_KINDS;
	unsigned int modules = kind < PHONE_CHAIN ? 1 : 2;
	static struct config config;

	current = number;
	begin(kind, modules);
	configure(&config, kind);
	run(&config);
	return (struct phone){ modules, count_right(modules) };
}
