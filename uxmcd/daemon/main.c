// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uxmcd: fetches firmware for Snom's USB expansion modules, by the rules.
 *
 * One process, one thread, one loop, which waits for what comes: nothing is asked for
 * again and again, so that an idle uxmcd sleeps.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon.h"
#include "log.h"
#include "trim.h"

#define EXIT_CONFIG	78	/* as in sysexits.h: starting again is no use */

struct options {
	const char *config;
	bool config_given;
	const char *fetch_socket;
	bool exit_idle;
	bool to_syslog;
	bool verbose;
};

static bool has_password(const struct config *config)
{
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		if (url_has_login(config->settings[id]))
			return true;
	return strchr(config->proxy, '@');
}

static void warn_if_exposed(const char *file, const struct config *config)
{
	struct stat stat_of;

	if (has_password(config) && !stat(file, &stat_of) &&
	    stat_of.st_mode & 0004)
		log_warning("%s has a password in it that everybody may read: chmod 0640, and give it to uxmcd's group",
			    file);
}

static int read_config(const struct options *options, struct config *config)
{
	char error[256];
	int ret;

	config_defaults(config);
	config->fetch_socket = options->fetch_socket;
	ret = config_read(config, options->config, error, sizeof(error));
	if (ret == -ENOENT && !options->config_given) {
		log_info("%s: not there, so the defaults hold",
			 options->config);
		return 0;
	}
	if (ret)
		log_error("%s: %s", options->config,
			  *error ? error : strerror(-ret));
	else
		warn_if_exposed(options->config, config);
	return ret;
}

static int read_keys(const struct config *config, struct keys *keys)
{
	char error[256];
	int ret;

	if (!*config->image_keys)
		return 0;
	ret = keys_load(keys, config->image_keys, error, sizeof(error));
	if (ret)
		log_error("image_keys: %s: %s", config->image_keys, error);
	return ret;
}

static void print_usage(FILE *out)
{
	fputs("usage: uxmcd [-c FILE] [-f] [-v] [--exit-idle] [--fetch-socket PATH] [--syslog]\n"
	      "  -c, --config FILE  instead of " CONFIG_FILE "\n"
	      "  -f, --foreground   stay in the foreground (it always does)\n"
	      "  -v, --verbose      log more\n"
	      "      --exit-idle    leave when there is no module\n"
	      "      --fetch-socket PATH  systemd starts uxmc-fetch for who connects to it\n"
	      "      --syslog       log to syslog instead of standard error\n"
	      "  -h, --help         print this\n", out);
}

/* -1: go on, else the exit status */
static int read_options(int count, char **args, struct options *options)
{
	static const struct option known[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "exit-idle", no_argument, NULL, 'e' },
		{ "fetch-socket", required_argument, NULL, 'S' },
		{ "syslog", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int option;

	while ((option = getopt_long(count, args, "c:fvh", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			options->config = optarg;
			options->config_given = true;
			break;
		case 'f':
			break;
		case 'v':
			options->verbose = true;
			break;
		case 'e':
			options->exit_idle = true;
			break;
		case 'S':
			options->fetch_socket = optarg;
			break;
		case 's':
			options->to_syslog = true;
			break;
		case 'h':
			print_usage(stdout);
			return EXIT_SUCCESS;
		default:
			print_usage(stderr);
			return 2;
		}
	}
	if (optind < count) {
		print_usage(stderr);
		return 2;
	}
	return -1;
}

int main(int count, char **args)
{
	static struct config config;
	static struct keys keys;
	struct options options = { .config = CONFIG_FILE };
	int status;

	status = read_options(count, args, &options);
	if (status >= 0)
		return status;
	log_open(options.to_syslog, options.verbose);
	if (read_config(&options, &config) || read_keys(&config, &keys))
		return EXIT_CONFIG;
	trim_code();
	return daemon_run(&config, &keys, options.exit_idle) ? EXIT_FAILURE :
							       EXIT_SUCCESS;
}
