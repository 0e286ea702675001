// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uxmcweb: the phone's web pages about its expansion modules. It is a client of uxmcd
 * and of the driver as uxmcctl is, decides nothing, and has nothing that is not in
 * one of them; so it may end at any time, and does when nobody asks.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "become.h"
#include "connections.h"
#include "consult.h"
#include "digest_auth.h"
#include "log.h"
#include "server.h"
#include "signals.h"
#include "trim.h"
#include "web_jail.h"

/* How often to see whose time is up, while there are connections, ms */
#define WATCH_MS	1000

/* However many ask: uxmcd, and whatever else the phone is for, comes first. */
#define NICENESS	10

enum status {
	STATUS_ENDED	= 0,
	STATUS_FAILED	= 1,
	STATUS_USAGE	= 2,
	STATUS_JAIL	= 4,	/* it cannot be entered, or by root */
	STATUS_CONFIG	= 78,	/* as in sysexits.h: starting again is no use */
};

struct options {
	const char *config;
	bool config_given;
	bool exit_idle;
	bool allow_root;
	bool to_syslog;
	bool verbose;
};

/* What is waited for */
struct ends {
	int signals;
	int wake;
};

static void print_usage(FILE *out)
{
	fputs("usage: uxmcweb [-c FILE] [-v] [--exit-idle] [--syslog]\n"
	      "  -c, --config FILE  instead of " CONFIG_FILE "\n"
	      "  -v, --verbose      log more\n"
	      "      --exit-idle    leave when nobody asks for a page\n"
	      "      --syslog       log to syslog instead of standard error\n"
	      "      --allow-root   run as root, too: for development\n"
	      "  -h, --help         print this\n", out);
}

/* -1: go on, else the exit status */
static int read_options(int count, char **args, struct options *options)
{
	static const struct option known[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "exit-idle", no_argument, NULL, 'e' },
		{ "syslog", no_argument, NULL, 's' },
		{ "allow-root", no_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int option;

	while ((option = getopt_long(count, args, "c:vh", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			options->config = optarg;
			options->config_given = true;
			break;
		case 'v':
			options->verbose = true;
			break;
		case 'e':
			options->exit_idle = true;
			break;
		case 's':
			options->to_syslog = true;
			break;
		case 'r':
			options->allow_root = true;
			break;
		case 'h':
			print_usage(stdout);
			return STATUS_ENDED;
		default:
			print_usage(stderr);
			return STATUS_USAGE;
		}
	}
	if (optind == count)
		return -1;
	print_usage(stderr);
	return STATUS_USAGE;
}

/* Passwords of servers and proxies are nothing for who listens to strangers. */
static void forget_secrets(struct config *config)
{
	explicit_bzero(config->settings, sizeof(config->settings));
	explicit_bzero(config->proxy, sizeof(config->proxy));
}

static int read_config(const struct options *options, struct config *config)
{
	char error[256];
	int ret;

	config_defaults(config);
	ret = config_read(config, options->config, error, sizeof(error));
	forget_secrets(config);
	if (ret == -ENOENT && !options->config_given)
		return 0;
	if (ret)
		log_error("%s: %s", options->config,
			  *error ? error : strerror(-ret));
	return ret;
}

/* Those that were inherited are none of ours, but for what systemd hands over. */
static void close_others(void)
{
	unsigned int first = 3 + listen_count_of_systemd();
	int fd;

#ifdef SYS_close_range
	if (!syscall(SYS_close_range, first, ~0U, 0U))
		return;
#endif
	for (fd = (int)first; fd < 1024; fd++)
		close(fd);
}

static int open_ends(struct ends *ends)
{
	static const int numbers[] = { SIGTERM, SIGINT, 0 };
	int ret;

	ends->signals = signals_open(numbers);
	if (ends->signals < 0)
		return ends->signals;
	ends->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ends->wake < 0)
		return -errno;
	connections_init(ends->wake);
	ret = consult_init();
	return ret ? ret : digest_init();
}

/* All that was opened has a smaller number than what is opened next. */
static enum status enter_jail(const struct options *options)
{
	struct jail jail = web_jail;
	char sentence[256];
	int next = dup(STDERR_FILENO);

	jail.allow_root = options->allow_root;
	jail.kept = next < 0 ? 3 : (unsigned int)next;
	if (!jail_enter(&jail, sentence, sizeof(sentence)))
		return STATUS_ENDED;
	log_error("%s", sentence);
	return STATUS_JAIL;
}

/* In milliseconds; -1: until something comes */
static int time_to_wait(const struct config *config, bool exit_idle, bool any)
{
	uint64_t idle = connections_idle();

	if (any)
		return WATCH_MS;
	if (!exit_idle)
		return -1;
	if (idle >= config->web_idle)
		return 0;
	return config->web_idle - idle > INT_MAX ? INT_MAX :
						   (int)(config->web_idle - idle);
}

/* Until it is told to end, or nobody has asked for long enough */
static void wait_for_end(const struct ends *ends, const struct config *config,
			 bool exit_idle)
{
	struct pollfd waits[] = {
		{ .fd = ends->signals, .events = POLLIN },
		{ .fd = ends->wake, .events = POLLIN },
	};
	uint64_t count;
	int wait;

	do {
		if (read(ends->wake, &count, sizeof(count)) < 0)
			count = 0;
		wait = time_to_wait(config, exit_idle, connections_watch());
		if (wait)
			poll(waits, 2, wait);
	} while (wait && !waits[0].revents);
}

static enum status serve(const struct options *options, const struct config *config)
{
	struct tls tls;
	struct listening listening;
	char sentence[256];
	struct ends ends;
	enum status status;
	int ret;

	ret = open_ends(&ends);
	if (ret) {
		log_error("it cannot be started: %s", strerror(-ret));
		return STATUS_FAILED;
	}
	ret = listen_open(&listening, config, sentence, sizeof(sentence));
	if (!ret)
		ret = tls_read(&tls, config, sentence, sizeof(sentence));
	if (!ret)
		ret = become(config, sentence, sizeof(sentence));
	if (ret) {
		log_error("%s", sentence);
		return ret == -EINVAL ? STATUS_CONFIG : STATUS_FAILED;
	}
	status = enter_jail(options);
	if (status)
		return status;
	if (server_start(config, &listening, &tls))
		return STATUS_FAILED;
	trim_code();
	wait_for_end(&ends, config, options->exit_idle);
	return STATUS_ENDED;
}

int main(int count, char **args)
{
	static struct config config;
	struct options options = { .config = CONFIG_FILE };
	int status;

	status = read_options(count, args, &options);
	if (status >= 0)
		return status;
	close_others();
#ifdef M_ARENA_MAX
	/* An arena of its own for a thread takes much of the address space. */
	mallopt(M_ARENA_MAX, 1);
#endif
	setpriority(PRIO_PROCESS, 0, NICENESS);
	log_open(options.to_syslog, options.verbose);
	if (read_config(&options, &config))
		return STATUS_CONFIG;
	status = (int)serve(&options, &config);
	/* Without tidying up: threads may be at work, which have nothing to lose. */
	_exit(status);
}
