// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uxmcd as a whole, with all that is around it faked (uxmcd/world.h): whatever
 * happens in whatever order, nothing is flashed twice for one reason, no module is worn
 * out (uxmcd/wear.h), no client waits for ever, no image is left behind, and it comes to
 * rest. tests/fuzz/run builds it.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "daemon.h"
#include "fuzzer.h"
#include "keys.h"
#include "random.h"
#include "uxmcd/fetches.h"
#include "uxmcd/wear.h"
#include "uxmcd/world.h"

/* A day, within which the retries of what is provisioned come */
#define SETTLED		86400000U
/* More than any number of things that it may have to do */
#define TURNS_MAX	100000U

/* Of minisign; tests/fuzz/uxmcd/fetch.c has signatures by it. */
#define KEY	"RWQX66UbpT9QHWjl62kePsr9L0YDpyByIR0EpEi7tM0pmo421xB/Y6sp"

static struct keys keys;
static const uint8_t *input;
static size_t left;
static jmp_buf crash;
enum { CRASH = 1, POWER_CUT };

static uint64_t rest_from;
static unsigned int turns;
static int first;	/* descriptor that uxmcd may have */

uint8_t world_byte(void)
{
	if (!left)
		return 0;
	left--;
	return *input++;
}

bool world_ended(void)
{
	return !left;
}

void world_wrong(const char *what, ...)
{
	va_list args;

	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

/* The point of it all: is this update one that somebody wants? */
void world_flash(size_t module, const char *url, const char *file,
		 unsigned int *reasons)
{
	fetch_check_trust(file);
	if (!*reasons)
		world_wrong("flashed twice for one reason: %s", url);
	--*reasons;
	wear_flash(module, url, disk_image(file), *driver_module(module)->serial);
}

uint64_t random_bits(void)
{
	return world_byte();
}

static void stop(void)
{
	raise(SIGTERM);
}

/* All do as they should. False: there is nothing to do, now or soon. */
static bool work(void)
{
	uint64_t due = clock_alarm();

	if (!turns)
		rest_from = clock_now();
	if (turns++ > TURNS_MAX)
		world_wrong("it does not come to rest");
	if (clients_listen() || driver_work() || fetch_work()) {
		rest_from = clock_now();
		return true;
	}
	if (!due || due > rest_from + SETTLED)
		return false;
	clock_advance(due > clock_now() ? due - clock_now() : 1);
	return true;
}

static void settle(void)
{
	disk_break(false);
	fetch_mend();
	if (work())
		return;
	clients_check();
	stop();
}

void world_act(void)
{
	uint8_t what = world_byte();

	if (world_ended()) {
		settle();
		return;
	}
	switch (what % 8) {
	case 0: case 1:
		driver_act(world_byte());
		break;
	case 2: case 3:
		fetch_act(world_byte());
		break;
	case 4: case 5:
		clients_act(world_byte());
		break;
	case 6:
		clock_advance(1ULL << (world_byte() % 28));
		break;
	default:
		switch (what / 8 % 8) {
		case 0:
			longjmp(crash, CRASH);
		case 1:
			stop();
			break;
		case 2:
			disk_break(true);
			break;
		case 3:
			disk_break(false);
			break;
		case 4:
			raise(SIGHUP);
			break;
		case 5:
			longjmp(crash, POWER_CUT);
		default:
			break;
		}
	}
}

/* All that uxmcd had open, which a crash would have closed */
static void close_all(int first)
{
	int fd;

	fetch_close_all();
	clients_close_all();
	for (fd = first; fd < first + 64; fd++)
		close(fd);
}

static void configure(struct config *config)
{
	config_defaults(config);
	strcpy(config->phone_firmware, "10.1.101.11");
	strcpy(config->state_dir, disk_path());
	snprintf(config->control, sizeof(config->control), "%s/control", disk_path());
	config->image_size_min = 0;
	config->image_size_max = 100000;
	config->first_look_spread = 0;
}

static void boot(void)
{
	clock_boot();
	driver_boot();
}

/* True: there was something to come still when it ended. */
static bool run(const struct config *config)
{
	int how = setjmp(crash);

	if (how) {
		close_all(first);
		if (how == POWER_CUT)
			boot();
		return true;
	}
	if (daemon_run(config, &keys, false) && !disk_was_bad())
		world_wrong("it does not start");
	return !world_ended();
}

static void restart(void)
{
	disk_break(false);
	driver_restart();
	if (fetch_is_volatile())
		driver_give_reasons(1);
}

/* In every fourth input. */
static void choose_keys(size_t size)
{
	char error[64];

	keys.count = 0;
	if (size % 4 == 3 &&
	    keys_parse(&keys, KEY, strlen(KEY), error, sizeof(error)))
		world_wrong("the key: %s", error);
}

bool world_wants_signatures(void)
{
	return keys.count;
}

static int first_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config;

	input = data;
	left = size;
	turns = 0;
	choose_keys(size);
	first = first_descriptor();
	disk_make();
	configure(&config);
	clock_reset();
	wear_reset();
	driver_reset(1, false);
	fetch_reset();
	clients_reset();
	while (run(&config))
		restart();
	if (disk_has("journal"))
		world_wrong("an update is not through");
	if (disk_images())
		world_wrong("%zu images are left behind", disk_images());
	close_all(first);
	return 0;
}
