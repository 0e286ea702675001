// SPDX-License-Identifier: GPL-2.0-or-later
/* client/talk.h, client/view.h, common/log.h and common/netlink.h */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

#include "fakes.h"
#include "log.h"
#include "netlink.h"
#include "talk.h"
#include "text.h"
#include "view.h"

static uint8_t how;

void fakes_set(uint8_t now)
{
	__atomic_store_n(&how, now, __ATOMIC_SEQ_CST);
}

static bool is(uint8_t what)
{
	return __atomic_load_n(&how, __ATOMIC_SEQ_CST) & what;
}

int talk_open(const char *path, int patience)
{
	(void)path;
	(void)patience;
	return is(FAKES_GONE) ? -ENOENT : eventfd(0, EFD_CLOEXEC);
}

int talk_send(int socket, const char *verb, const char *argument)
{
	(void)socket;
	(void)verb;
	(void)argument;
	return 0;
}

int talk_send_bytes(int socket, const char *data, size_t count)
{
	(void)socket;
	(void)data;
	(void)count;
	return is(FAKES_REFUSES) ? -ECANCELED : 0;
}

int talk_receive(int socket, struct ctl_answer *answer)
{
	(void)socket;
	return reply_parse("1 failed it went wrong", answer);
}

static const char *password_answer(const char *good)
{
	if (is(FAKES_BLOCKED))
		return "6 blocked 42";
	return is(FAKES_RIGHT) ? good : "9 wrong that is wrong";
}

static const char *visitor_answer(void)
{
	static char text[64];

	text_format(text, sizeof(text), "0 visitor %s\t%s\t%s",
		    is(FAKES_KNOWN) ? "yes" : "no", is(FAKES_PASSWORD) ? "yes" : "no",
		    is(FAKES_RESTRICTED) ? "on" : "off");
	return text;
}

#define SESSION "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *last_packet(const char *verb)
{
	if (!strcmp(verb, "visitor"))
		return visitor_answer();
	if (!strcmp(verb, "login"))
		return password_answer("0 session " SESSION);
	if (!strcmp(verb, "password") || !strcmp(verb, "digest"))
		return password_answer("0 right that is right");
	if (is(FAKES_REFUSES))
		return "5 read-only that is <read-only> & \"refused\"";
	return "0 done 3";
}

static const struct {
	const char *verb;
	const char *packet;
} packets[] = {
	{ "settings", "0 entry firmware_uxm\thttp://a:b@h/<x>\tupdate\t!" },
	{ "settings", "0 entry http_pass\t***\tuser\t" },
	{ "settings", "0 entry update_policy\tauto_update\tconfig\tR" },
	{ "settings", "0 entry colour\tred\tuser\t" },
	{ "log", "0 entry 1790000000\t61\tdone\tmanual\t1-1\tS\tD7C\t1\t2\thttp://a:b@h\t-\t<https>" },
	{ "log", "0 entry 0\t1\tfailed\tprovisioned\t-\t-\t-\t-\t-\t-\twhy\t-" },
	{ "log", "0 entry nonsense" },
	{ "last", "0 entry 125\thttp://a:b@h/x" },
	{ "last", "0 step policy ok update_policy is <b>" },
	{ "last", "0 file setting_server no 5\thttp://a:b@h\twhy" },
	{ "may", "0 step modules no 2 expansion modules" },
	{ "counts", "0 entry updates_done\t3" },
	{ "counts", "0 entry looked\tx" },
};

int talk_question(int socket, const struct ctl_question *question,
		  struct ctl_answer *answer)
{
	size_t i;

	(void)socket;
	for (i = 0; question->take && i < ARRAY_SIZE(packets); i++)
		if (!strcmp(packets[i].verb, question->verb) &&
		    !reply_parse(packets[i].packet, answer))
			question->take(question->context, answer);
	return reply_parse(last_packet(question->verb), answer);
}

static void add_module(struct view *view, enum uxmc_state state)
{
	struct module module = {
		.id = 0, .state = state, .done = 5, .total = 10, .timeout = 1000,
		.port = "1-1", .model = "D7C", .version = "1.1.1", .serial = "S<&\"'>",
		.message = "fetching: <b>",
	};

	modules_put(&view->modules, &module);
}

int view_look(struct view *view, const char *control)
{
	(void)control;
	memset(view, 0, sizeof(*view));
	view->loaded = !is(FAKES_GONE);
	view->daemon = view->loaded;
	if (is(FAKES_REFUSES)) {
		view->waiting = "uxmc0";
		view->url = "http://a:b@h/<x>";
	}
	if (is(FAKES_BUSY))
		add_module(view, UXMC_STATE_FETCHING);
	else if (view->loaded)
		add_module(view, UXMC_STATE_FAILED);
	return 0;
}

void view_clear(struct view *view)
{
	modules_clear(&view->modules);
}

void view_name(const struct module *module, char *name)
{
	text_format(name, VIEW_NAME_SIZE, "uxmc%u", module->id);
}

int netlink_open(struct netlink *netlink)
{
	memset(netlink, 0, sizeof(*netlink));
	return 0;
}

int netlink_find_driver(struct netlink *netlink)
{
	(void)netlink;
	return -ENOENT;
}

void netlink_forget_driver(struct netlink *netlink)
{
	(void)netlink;
}

void netlink_close(struct netlink *netlink)
{
	(void)netlink;
}

/* Nothing is ever said on it. */
int netlink_events_fd(const struct netlink *netlink)
{
	(void)netlink;
	return -1;
}

int netlink_receive(struct netlink *netlink, netlink_handler handler,
		    void *context)
{
	(void)netlink;
	(void)handler;
	(void)context;
	return 0;
}

/* Whoever fuzzes reads what libFuzzer says; all that is said has to be text, though. */
void log_line(int priority, const char *format, ...)
{
	char line[1024];
	va_list arguments;

	(void)priority;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
}
