// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uxmcd: fetches firmware for Snom's USB expansion modules, by the rules.
 *
 * One process, one thread, one loop. The loop waits for descriptors alone: the
 * driver's events, the control socket and its clients, a timer each for the job
 * and for leaving, signals, and libcurl's own. Nothing is asked for again and
 * again, so that an idle uxmcd sleeps.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "events.h"
#include "log.h"
#include "memory.h"
#include "text.h"
#include "timer.h"
#include "uxmcd.h"

#define EXIT_CONFIG	78	/* as in sysexits.h: starting again is no use */

struct options {
	const char *config;
	bool config_given;
	bool exit_idle;
	bool to_syslog;
	bool verbose;
};

/**
 * struct loop - what the loop has besides the daemon
 * @signals: descriptor of the signals that end it
 * @leave: timer that runs while there is nothing to do
 * @leaving: it is running
 * @worked: there was something to do before; being started counts
 * @stop: the loop is to end
 */
struct loop {
	struct uxmcd daemon;
	bool exit_idle;
	int signals;
	int leave;
	bool leaving;
	bool worked;
	bool stop;
};

/* The fixed descriptors, then one for each place of a client. */
enum wait {
	WAIT_SIGNALS,
	WAIT_EVENTS,
	WAIT_JOB,
	WAIT_LOOK,
	WAIT_LEAVE,
	WAIT_CONTROL,
	WAIT_CLIENTS,
};

#define WAIT_MAX	(WAIT_CLIENTS + CONTROL_CLIENTS)

static void add_wait(struct curl_waitfd *wait, int fd)
{
	*wait = (struct curl_waitfd){ .fd = fd, .events = CURL_WAIT_POLLIN };
}

/* A free place of a client's has the descriptor -1, which poll() ignores. */
static void fill_waits(const struct loop *loop, struct curl_waitfd *waits)
{
	const struct uxmcd *daemon = &loop->daemon;
	size_t i;

	add_wait(&waits[WAIT_SIGNALS], loop->signals);
	add_wait(&waits[WAIT_EVENTS], netlink_events_fd(&daemon->netlink));
	add_wait(&waits[WAIT_JOB], daemon->job.timer);
	add_wait(&waits[WAIT_LOOK], daemon->look.timer);
	add_wait(&waits[WAIT_LEAVE], loop->leave);
	add_wait(&waits[WAIT_CONTROL], daemon->control.fd);
	for (i = 0; i < CONTROL_CLIENTS; i++)
		add_wait(&waits[WAIT_CLIENTS + i],
			 daemon->control.clients[i].fd);
}

static void take_signal(struct loop *loop)
{
	struct signalfd_siginfo info;

	if (read(loop->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP) {
		look_begin(&loop->daemon, LOOK_AT_ALL, "SIGHUP");
		return;
	}
	log_info("%s: stopping", strsignal((int)info.ssi_signo));
	loop->stop = true;
}

static bool is_working(const struct uxmcd *daemon)
{
	return job_is_active(&daemon->job) || look_is_active(&daemon->look);
}

static bool is_idle(const struct uxmcd *daemon)
{
	return !daemon->modules.count && !is_working(daemon);
}

static void dispatch(struct loop *loop, const struct curl_waitfd *waits)
{
	struct uxmcd *daemon = &loop->daemon;
	size_t i;

	if (waits[WAIT_SIGNALS].revents)
		take_signal(loop);
	if (waits[WAIT_EVENTS].revents)
		events_take(daemon);
	if (waits[WAIT_JOB].revents && timer_expired(daemon->job.timer))
		job_timer(daemon);
	if (waits[WAIT_LOOK].revents && timer_expired(daemon->look.timer))
		look_timer(daemon);
	for (i = 0; i < CONTROL_CLIENTS; i++)
		if (waits[WAIT_CLIENTS + i].revents &&
		    waits[WAIT_CLIENTS + i].fd == daemon->control.clients[i].fd)
			control_serve(daemon, &daemon->control.clients[i]);
	if (waits[WAIT_CONTROL].revents)
		control_accept(&daemon->control);
	if (waits[WAIT_LEAVE].revents && timer_expired(loop->leave) &&
	    is_idle(daemon)) {
		log_info("no module is connected: leaving");
		loop->stop = true;
	}
}

/* Without a module there is nothing to do; udev starts uxmcd for the next one. */
static void consider_leaving(struct loop *loop)
{
	const struct uxmcd *daemon = &loop->daemon;
	bool idle = is_idle(daemon);

	if (!loop->exit_idle || idle == loop->leaving)
		return;
	loop->leaving = idle;
	if (idle)
		timer_start(loop->leave, daemon->config.exit_delay);
	else
		timer_stop(loop->leave);
}

/* Once after each spell of work. */
static void consider_memory(struct loop *loop)
{
	bool working = is_working(&loop->daemon);

	if (loop->worked && !working)
		memory_give_back();
	loop->worked = working;
}

static bool is_eager(const struct uxmcd *daemon)
{
	return job_is_eager(&daemon->job) || look_is_eager(daemon);
}

static void run(struct loop *loop)
{
	struct uxmcd *daemon = &loop->daemon;
	struct curl_waitfd waits[WAIT_MAX];
	int timeout;

	while (!loop->stop) {
		consider_leaving(loop);
		consider_memory(loop);
		fill_waits(loop, waits);
		timeout = is_eager(daemon) ? 0 : INT_MAX;
		curl_multi_poll(daemon->multi, waits, WAIT_MAX, timeout, NULL);
		transfers_perform(daemon->multi);
		/* First what has come, then whether it came too late. */
		job_step(daemon);
		dispatch(loop, waits);
		look_step(daemon);
	}
}

static int open_signals(void)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static int open_loop(struct loop *loop)
{
	loop->signals = open_signals();
	if (loop->signals < 0)
		return loop->signals;
	loop->leave = timer_open();
	return loop->leave < 0 ? loop->leave : 0;
}

static int report(const char *what, int ret)
{
	if (ret)
		log_error("%s: %s", what, strerror(-ret));
	return ret;
}

static void take_configured(struct uxmcd *daemon)
{
	size_t id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		daemon->settings.configured[id] = daemon->config.settings[id];
}

static int open_perserial(struct uxmcd *daemon)
{
	int ret = perserial_load(&daemon->perserial, daemon->state.dir);

	if (ret != -EINVAL)
		return report("the modules' URLs cannot be read", ret);
	log_error("the record of the modules' URLs is damaged: %s",
		  "it is kept as modules.damaged, and empty now");
	return 0;
}

static int open_state(struct uxmcd *daemon)
{
	const char *path = daemon->config.state_dir;
	int ret;

	ret = state_open(&daemon->state, path);
	if (ret == -EBUSY) {
		log_error("another uxmcd is running on %s", path);
		return ret;
	}
	if (ret)
		return report(path, ret);
	take_configured(daemon);
	ret = settings_load(&daemon->settings, daemon->state.dir);
	if (ret == -EINVAL)
		log_error("the settings in %s are damaged: %s", path,
			  "they are kept as settings.damaged, and the defaults hold now");
	else if (ret)
		return report("the settings cannot be read", ret);
	return open_perserial(daemon);
}

static int open_transfers(struct uxmcd *daemon)
{
	daemon->multi = transfers_open();
	if (!daemon->multi)
		return -ENOMEM;
	fetch_open(&daemon->fetch, daemon->multi, &daemon->config);
	return 0;
}

static int open_daemon(struct uxmcd *daemon)
{
	int ret;

	ret = open_state(daemon);
	if (!ret)
		ret = report("netlink", netlink_open(&daemon->netlink));
	if (!ret)
		ret = report("libcurl", open_transfers(daemon));
	if (!ret)
		ret = report("timer", job_open(&daemon->job));
	if (!ret)
		ret = report("timer", look_open(daemon));
	if (!ret)
		ret = report(daemon->config.control,
			     control_open(&daemon->control, &daemon->config));
	return ret;
}

static void close_daemon(struct uxmcd *daemon)
{
	control_close(&daemon->control);
	look_close(daemon);
	job_close(daemon);
	transfers_close(daemon->multi);
	netlink_close(&daemon->netlink);
	modules_clear(&daemon->modules);
	perserial_clear(&daemon->perserial);
	state_close(&daemon->state);
}

static int read_config(const struct options *options, struct config *config)
{
	char error[256];
	int ret;

	config_defaults(config);
	ret = config_read(config, options->config, error, sizeof(error));
	if (ret == -ENOENT && !options->config_given) {
		log_info("%s: not there, so the defaults hold",
			 options->config);
		return 0;
	}
	if (ret)
		log_error("%s: %s", options->config,
			  *error ? error : strerror(-ret));
	return ret;
}

static void print_usage(FILE *out)
{
	fputs("usage: uxmcd [-c FILE] [-f] [-v] [--exit-idle] [--syslog]\n"
	      "  -c, --config FILE  instead of " CONFIG_FILE "\n"
	      "  -f, --foreground   stay in the foreground (it always does)\n"
	      "  -v, --verbose      log more\n"
	      "      --exit-idle    leave when there is no module\n"
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
	static struct loop loop;
	struct options options = { .config = CONFIG_FILE };
	int status;

	status = read_options(count, args, &options);
	if (status >= 0)
		return status;
	memory_open();
	log_open(options.to_syslog, options.verbose);
	if (read_config(&options, &loop.daemon.config))
		return EXIT_CONFIG;
	if (report("signals and timers", open_loop(&loop)) ||
	    open_daemon(&loop.daemon))
		return EXIT_FAILURE;

	loop.exit_idle = options.exit_idle;
	loop.worked = true;
	job_take_up(&loop.daemon);
	events_start(&loop.daemon);
	job_sweep(&loop.daemon);
	look_start(&loop.daemon);
	run(&loop);
	close_daemon(&loop.daemon);
	return EXIT_SUCCESS;
}
