// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uxmcctl: shows expansion modules and updates them.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "ctl.h"
#include "setting.h"
#include "text.h"
#include "url.h"

/* Of a verb */
#define ARGUMENTS_MAX	2

#define UNBOUND \
	"an expansion module is connected, but the driver is not bound to it: uxmcctl status says what to do"

static const struct verb {
	const char *name;
	const char *arguments;
	int least, most;
	enum reply (*run)(const struct ctl_options *options, char **args);
	const char *description;
} verbs[] = {
	{ "status", "", 0, 0, ctl_status,
	  "show the modules (the default)" },
	{ "watch", "", 0, 0, ctl_watch,
	  "show their updates (--once: until none is under way)" },
	{ "update", "URL|FILE", 1, 1, ctl_update,
	  "update the module (--no-wait: do not wait; --sha256: its image)" },
	{ "cancel", "", 0, 0, ctl_cancel,
	  "cancel an update, as long as that is harmless" },
	{ "check", "", 0, 0, ctl_check,
	  "look now what is provisioned, and say what follows from it" },
	{ "confirm", "", 0, 0, ctl_confirm,
	  "begin the update that waits for it (--no-wait: as above)" },
	{ "refuse", "", 0, 0, ctl_refuse,
	  "refuse the update that waits to be confirmed" },
	{ "log", "", 0, 0, ctl_log, "show the last updates" },
	{ "metrics", "", 0, 0, ctl_metrics,
	  "print what there is to measure, for Prometheus" },
	{ "get", "[NAME]", 0, 1, ctl_get, "print a setting, or all of them" },
	{ "set", "NAME VALUE", 2, 2, ctl_set, "change a setting" },
	{ "clear", "NAME", 1, 1, ctl_clear, "clear a setting" },
};

void ctl_say(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("uxmcctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static enum reply say_no_driver(void)
{
	char sentence[CTL_DRIVER_SENTENCE_MAX];
	struct ctl_driver driver;

	ctl_driver_look_here(&driver);
	ctl_driver_sentence(&driver, sentence);
	ctl_say("%s", sentence);
	return ctl_driver_reply(ctl_driver_cause(&driver));
}

enum reply ctl_open_driver(struct netlink *netlink)
{
	int ret;

	ret = netlink_open(netlink);
	if (!ret)
		ret = netlink_find_driver(netlink);
	if (!ret)
		return REPLY_OK;
	if (ret == -ENOENT)
		return say_no_driver();
	ctl_say("the driver cannot be talked to: %s", strerror(-ret));
	return REPLY_NO_DRIVER;
}

enum reply ctl_say_overdue(void)
{
	ctl_say("the driver has not told in time how the update goes on: dmesg may say why");
	return REPLY_FAILED;
}

enum reply ctl_say_no_module(void)
{
	struct bus bus;

	bus_look(&bus);
	ctl_say("%s", bus.count ? UNBOUND : CTL_NO_MODULE);
	bus_clear(&bus);
	return REPLY_NO_MODULE;
}

static void print_usage(FILE *out)
{
	const struct verb *verb;

	fputs("usage: uxmcctl [OPTIONS] [VERB [ARGUMENT...]]\n", out);
	for (verb = verbs; verb < verbs + ARRAY_SIZE(verbs); verb++)
		fprintf(out, "  %-7s %-11s %s\n", verb->name, verb->arguments,
			verb->description);
	fputs("options:\n"
	      "  --json          status, check, log and get (all) as JSON\n"
	      "  --once          watch until no update is under way\n"
	      "  --no-wait       update, confirm without waiting for the end\n"
	      "  --sha256 HEX    update only if the image has that SHA-256\n"
	      "  --control PATH  uxmcd's control socket (" CTL_CONTROL ")\n"
	      "  -h, --help      print this\n", out);
}

/* -1: go on, else the exit status */
static int read_options(int count, char **args, struct ctl_options *options)
{
	static const struct option known[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "once", no_argument, NULL, 'o' },
		{ "no-wait", no_argument, NULL, 'n' },
		{ "sha256", required_argument, NULL, 'p' },
		{ "control", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int option;

	while ((option = getopt_long(count, args, "h", known, NULL)) != -1) {
		switch (option) {
		case 'j':
			options->json = true;
			break;
		case 'o':
			options->once = true;
			break;
		case 'n':
			options->no_wait = true;
			break;
		case 'p':
			options->sha256 = optarg;
			break;
		case 'c':
			options->control = optarg;
			break;
		case 'h':
			print_usage(stdout);
			return REPLY_OK;
		default:
			print_usage(stderr);
			return REPLY_USAGE;
		}
	}
	return -1;
}

/* A pin that is given and not looked at would be taken for one that held. */
static bool fits(const struct verb *verb, int count,
		 const struct ctl_options *options)
{
	return count >= verb->least && count <= verb->most &&
	       (!options->sha256 || verb->run == ctl_update);
}

static const struct verb *find_verb(const char *name)
{
	const struct verb *verb;

	for (verb = verbs; verb < verbs + ARRAY_SIZE(verbs); verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

/* What is in the process list, in place of it. */
static void mask(char *text, bool secret)
{
	size_t length = strlen(text);
	char shown[URL_MAX + 1];

	url_show(text, shown, sizeof(shown));
	memset(text, secret ? '*' : '\0', length);
	if (!secret && strlen(shown) <= length)
		strcpy(text, shown);
}

/*
 * Others may look at the process list, and an update takes its time: the passwords
 * among the arguments are taken out of it. What is given back is theirs.
 */
static char **take_arguments(char **args, int count)
{
	static char *taken[ARGUMENTS_MAX + 1];
	enum setting_id id;
	bool secret = false;
	int i;

	for (i = 0; i < count; i++) {
		taken[i] = strdup(args[i]);
		if (!taken[i])
			exit(REPLY_FAILED);
		mask(args[i], secret);
		secret = !setting_find(taken[i], &id) && setting_is_secret(id);
	}
	return taken;
}

int main(int count, char **args)
{
	struct ctl_options options = { .control = CTL_CONTROL };
	const struct verb *verb = verbs;
	int status;

	status = read_options(count, args, &options);
	if (status >= 0)
		return status;
	if (optind < count)
		verb = find_verb(args[optind++]);
	count -= optind;
	if (!verb || !fits(verb, count, &options)) {
		print_usage(stderr);
		return REPLY_USAGE;
	}
	return (int)verb->run(&options, take_arguments(args + optind, count));
}
