// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bar.h"
#include "ctl.h"
#include "ctl_talk.h"

/**
 * struct view - all that there is to show
 * @driver: it is loaded
 * @daemon: uxmcd is running, as far as may be known
 */
struct view {
	bool driver;
	bool daemon;
	struct modules modules;
};

static bool daemon_runs(const char *control)
{
	int fd = ctl_talk_open(control);

	if (fd >= 0)
		close(fd);
	return fd != -ENOENT && fd != -ECONNREFUSED;
}

static int look(const struct ctl_options *options, struct view *view)
{
	struct netlink netlink;
	int ret;

	view->daemon = daemon_runs(options->control);
	ret = netlink_open(&netlink);
	if (ret)
		return ret;
	ret = netlink_find_driver(&netlink);
	view->driver = !ret;
	if (!ret)
		ret = netlink_list(&netlink, &view->modules);
	netlink_close(&netlink);
	return view->driver ? ret : 0;
}

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

static void print_module(const struct module *module)
{
	char progress[64];

	bar_progress(module, progress, sizeof(progress));
	printf("uxmc%-4u %-6s %-8s %-16s %-10s %-12s %s%s%s%s\n", module->id,
	       module->model, module->port, or_dash(module->serial),
	       or_dash(module->version), module_mode_name(module->mode),
	       module_state_name(module->state), *progress ? ", " : "",
	       progress, module->away ? " (off the bus)" : "");
	if (*module->message)
		printf("         error: %s\n", module->message);
	if (*module->url && module_is_busy(module))
		printf("         updating from: %s\n", module->url);
	printf("         firmware_uxm: %s\n", or_dash(module->firmware_uxm));
}

static void print_table(const struct view *view)
{
	size_t i;

	if (view->modules.count)
		printf("%-8s %-6s %-8s %-16s %-10s %-12s %s\n", "MODULE",
		       "MODEL", "PORT", "SERIAL", "VERSION", "MODE", "STATE");
	for (i = 0; i < view->modules.count; i++)
		print_module(&view->modules.list[i]);
	if (!view->driver)
		ctl_say("%s", ctl_no_driver());
	else if (!view->modules.count)
		ctl_say(CTL_NO_MODULE);
	if (!view->daemon)
		ctl_say(CTL_NO_DAEMON);
}

static void put_text(struct json_object *object, const char *name,
		     const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

static void put_number(struct json_object *object, const char *name,
		       uint64_t number)
{
	json_object_object_add(object, name,
			       json_object_new_int64((int64_t)number));
}

static void put_flag(struct json_object *object, const char *name, bool flag)
{
	json_object_object_add(object, name, json_object_new_boolean(flag));
}

static struct json_object *module_json(const struct module *module)
{
	struct json_object *object = json_object_new_object();
	char name[16];

	snprintf(name, sizeof(name), "uxmc%u", module->id);
	put_text(object, "name", name);
	put_text(object, "model", module->model);
	put_text(object, "port", module->port);
	put_text(object, "serial_number", module->serial);
	put_text(object, "version", module->version);
	put_text(object, "mode", module_mode_name(module->mode));
	put_flag(object, "away", module->away);
	put_text(object, "state", module_state_name(module->state));
	put_number(object, "done", module->done);
	put_number(object, "total", module->total);
	put_number(object, "timeout_ms", module->timeout);
	put_text(object, "error", module->message);
	put_number(object, "errno", module->error);
	put_text(object, "url", module->url);
	put_text(object, "file", module->file);
	put_text(object, "firmware_uxm", module->firmware_uxm);
	return object;
}

static void print_json(const struct view *view)
{
	struct json_object *root = json_object_new_object();
	struct json_object *modules = json_object_new_array();
	size_t i;

	put_flag(root, "driver_loaded", view->driver);
	put_flag(root, "uxmcd_running", view->daemon);
	for (i = 0; i < view->modules.count; i++)
		json_object_array_add(modules,
				      module_json(&view->modules.list[i]));
	json_object_object_add(root, "modules", modules);
	puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
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
	if (!view.driver)
		reply = REPLY_NO_DRIVER;
	else if (!view.modules.count)
		reply = REPLY_NO_MODULE;
	modules_clear(&view.modules);
	return reply;
}
