// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bar.h"
#include "bus.h"
#include "ctl.h"
#include "json.h"
#include "talk.h"
#include "text.h"
#include "url.h"

/* How long uxmcd may take to say whether an update waits, s */
#define PATIENCE	2

#define ROW	"%-8s %-6s %-8s %-16s %-10s %-12s "

/* "uxmc" and a number of 32 bits */
#define NAME_SIZE	16

/**
 * struct view - all that there is to show
 * @loaded: the driver is
 * @driver: what is to be seen of it, if it is not loaded
 * @bus: modules that the driver is not bound to
 * @daemon: uxmcd is running, as far as may be known
 * @silent: but it does not answer
 * @answer: what it said, and what the next two point into
 * @waiting: the module whose update waits to be confirmed; NULL: none does
 * @url: of that update
 */
struct view {
	bool loaded;
	struct ctl_driver driver;
	struct bus bus;
	bool daemon;
	bool silent;
	struct modules modules;
	struct ctl_answer answer;
	const char *waiting;
	const char *url;
};

/* An uxmcd that does not answer, or not so, has nothing waiting. */
static int ask_for_waiting(int socket, struct view *view)
{
	const char *fields[2];
	int ret;

	ret = talk_send(socket, "waiting", "");
	if (!ret)
		ret = talk_receive(socket, &view->answer);
	if (ret || strcmp(view->answer.word, "waiting") ||
	    reply_fields(view->answer.text, fields, ARRAY_SIZE(fields)))
		return ret;
	view->waiting = fields[0];
	view->url = fields[1];
	return 0;
}

static void look_at_daemon(const char *control, struct view *view)
{
	int fd = talk_open(control, PATIENCE), ret = fd;

	view->daemon = fd != -ENOENT && fd != -ECONNREFUSED;
	if (fd >= 0) {
		ret = ask_for_waiting(fd, view);
		close(fd);
	}
	view->silent = ret == -ETIMEDOUT;
}

static void hide(char *url, size_t size)
{
	char shown[URL_MAX + 1];

	url_show(url, shown, sizeof(shown));
	text_copy(url, size, shown);
}

/* The driver tells passwords to administrators, but nobody asked for them. */
static void hide_passwords(struct modules *modules)
{
	struct module *module = modules->list;

	for (; module < modules->list + modules->count; module++) {
		hide(module->url, sizeof(module->url));
		hide(module->firmware_uxm, sizeof(module->firmware_uxm));
	}
}

static int look_at_driver(struct view *view)
{
	struct netlink netlink;
	int ret;

	ret = netlink_open(&netlink);
	if (ret)
		return ret;
	ret = netlink_find_driver(&netlink);
	view->loaded = !ret;
	if (!ret)
		ret = netlink_list(&netlink, &view->modules);
	hide_passwords(&view->modules);
	netlink_close(&netlink);
	if (view->loaded)
		return ret;
	ctl_look_for_driver(&view->driver);
	return 0;
}

/* The bus first: what the driver has bound meanwhile shows in its own list. */
static int look(const struct ctl_options *options, struct view *view)
{
	size_t i;
	int ret;

	look_at_daemon(options->control, view);
	bus_look(&view->bus);
	ret = look_at_driver(view);
	for (i = 0; i < view->modules.count; i++)
		bus_forget(&view->bus, view->modules.list[i].port);
	return ret;
}

static void name_of(const struct module *module, char *name)
{
	snprintf(name, NAME_SIZE, "uxmc%u", module->id);
}

static void print_module(const struct module *module)
{
	char name[NAME_SIZE], progress[64];

	name_of(module, name);
	bar_progress(module, progress, sizeof(progress));
	printf(ROW "%s%s%s%s\n", name, module->model, module->port,
	       text_or_dash(module->serial),
	       text_or_dash(module->version), module_mode_name(module->mode),
	       module_state_name(module->state), *progress ? ", " : "",
	       progress, module->away ? " (off the bus)" : "");
	if (*module->message)
		printf("         error: %s\n", module->message);
	if (*module->url && module_is_busy(module))
		printf("         updating from: %s\n", module->url);
	printf("         firmware_uxm: %s\n", text_or_dash(module->firmware_uxm));
}

static void print_unbound(const struct bus_module *module)
{
	printf(ROW "%s%s\n", "-", module->model, module->port,
	       text_or_dash(module->serial), "-", module_mode_name(module->mode),
	       *module->driver ? "driver is " : "no driver", module->driver);
}

static void say_no_driver(const struct ctl_driver *driver)
{
	char sentence[CTL_DRIVER_SENTENCE_MAX];

	ctl_driver_sentence(driver, sentence);
	ctl_say("%s", sentence);
}

static void say_unbound(const struct bus *bus)
{
	char sentence[BUS_SENTENCE_MAX];
	size_t i;

	for (i = 0; i < bus->count; i++) {
		bus_sentence(&bus->list[i], sentence);
		ctl_say("%s", sentence);
	}
}

static void print_table(const struct view *view)
{
	size_t i;

	if (view->modules.count || view->bus.count)
		printf(ROW "%s\n", "MODULE", "MODEL", "PORT", "SERIAL",
		       "VERSION", "MODE", "STATE");
	else
		ctl_say(CTL_NO_MODULE);
	for (i = 0; i < view->modules.count; i++)
		print_module(&view->modules.list[i]);
	for (i = 0; i < view->bus.count; i++)
		print_unbound(&view->bus.list[i]);
	if (view->waiting)
		printf("waiting: an update from %s: uxmcctl confirm, or uxmcctl refuse\n",
		       view->url);
	if (!view->loaded)
		say_no_driver(&view->driver);
	else
		say_unbound(&view->bus);
	if (!view->daemon)
		ctl_say(CTL_NO_DAEMON);
	if (view->silent)
		ctl_say(CTL_SILENT);
}

static struct json_object *module_json(const struct module *module)
{
	struct json_object *object = json_object_new_object();
	char name[NAME_SIZE];

	name_of(module, name);
	ctl_json_text(object, "name", name);
	ctl_json_text(object, "model", module->model);
	ctl_json_text(object, "port", module->port);
	ctl_json_text(object, "serial_number", module->serial);
	ctl_json_text(object, "version", module->version);
	ctl_json_text(object, "mode", module_mode_name(module->mode));
	ctl_json_flag(object, "away", module->away);
	ctl_json_text(object, "state", module_state_name(module->state));
	ctl_json_number(object, "done", module->done);
	ctl_json_number(object, "total", module->total);
	ctl_json_number(object, "timeout_ms", module->timeout);
	ctl_json_text(object, "error", module->message);
	ctl_json_number(object, "errno", module->error);
	ctl_json_text(object, "url", module->url);
	ctl_json_text(object, "file", module->file);
	ctl_json_text(object, "firmware_uxm", module->firmware_uxm);
	return object;
}

static struct json_object *unbound_json(const struct view *view,
					const struct bus_module *module)
{
	struct json_object *object = json_object_new_object();
	char sentence[BUS_SENTENCE_MAX] = "";

	if (view->loaded)
		bus_sentence(module, sentence);
	ctl_json_text(object, "model", module->model);
	ctl_json_text(object, "port", module->port);
	ctl_json_text(object, "serial_number", module->serial);
	ctl_json_text(object, "mode", module_mode_name(module->mode));
	ctl_json_text(object, "driver", module->driver);
	ctl_json_text(object, "sentence", sentence);
	return object;
}

static struct json_object *waiting_json(const struct view *view)
{
	struct json_object *object;

	if (!view->waiting)
		return NULL;
	object = json_object_new_object();
	ctl_json_text(object, "module", view->waiting);
	ctl_json_text(object, "url", view->url);
	return object;
}

static struct json_object *missing_json(const struct view *view)
{
	char sentence[CTL_DRIVER_SENTENCE_MAX];
	struct json_object *object;

	if (view->loaded)
		return NULL;
	ctl_driver_sentence(&view->driver, sentence);
	object = json_object_new_object();
	ctl_json_text(object, "cause",
		      ctl_driver_word(ctl_driver_cause(&view->driver)));
	ctl_json_text(object, "sentence", sentence);
	return object;
}

static void print_json(const struct view *view)
{
	struct json_object *root = json_object_new_object();
	struct json_object *modules = json_object_new_array();
	struct json_object *unbound = json_object_new_array();
	size_t i;

	ctl_json_flag(root, "driver_loaded", view->loaded);
	json_object_object_add(root, "driver_missing", missing_json(view));
	ctl_json_flag(root, "uxmcd_running", view->daemon);
	ctl_json_flag(root, "uxmcd_silent", view->silent);
	for (i = 0; i < view->modules.count; i++)
		json_object_array_add(modules,
				      module_json(&view->modules.list[i]));
	json_object_object_add(root, "modules", modules);
	for (i = 0; i < view->bus.count; i++)
		json_object_array_add(unbound,
				      unbound_json(view, &view->bus.list[i]));
	json_object_object_add(root, "unbound", unbound);
	json_object_object_add(root, "waiting", waiting_json(view));
	ctl_json_print(root);
	json_object_put(root);
}

enum reply ctl_status(const struct ctl_options *options, char **args)
{
	struct view view = { 0 };
	enum reply reply = REPLY_OK;
	int ret;

	(void)args;
	ret = look(options, &view);
	if (ret) {
		ctl_say("the driver cannot be talked to: %s", strerror(-ret));
		return REPLY_FAILED;
	}
	if (options->json)
		print_json(&view);
	else
		print_table(&view);
	if (!view.loaded)
		reply = ctl_driver_reply(ctl_driver_cause(&view.driver));
	else if (!view.modules.count)
		reply = REPLY_NO_MODULE;
	modules_clear(&view.modules);
	bus_clear(&view.bus);
	return reply;
}
