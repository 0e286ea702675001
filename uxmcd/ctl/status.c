// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "bar.h"
#include "ctl.h"
#include "json.h"
#include "text.h"
#include "view_json.h"
#include "waiting.h"

#define ROW	"%-8s %-6s %-8s %-16s %-10s %-12s "

static void print_module(const struct module *module)
{
	char name[VIEW_NAME_SIZE], progress[64];

	view_name(module, name);
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
		printf("waiting: %s at %s: an update from %s: uxmcctl confirm, or uxmcctl refuse\n",
		       view->waiting, text_or_dash(waiting_port(view)), view->url);
	if (!view->loaded)
		say_no_driver(&view->driver);
	else
		say_unbound(&view->bus);
	if (!view->daemon)
		ctl_say(CTL_NO_DAEMON);
	if (view->silent)
		ctl_say(CTL_SILENT);
}

static void print_json(const struct view *view)
{
	struct json_object *root = view_json(view);

	ctl_json_print(root);
	json_object_put(root);
}

enum reply ctl_status(const struct ctl_options *options, char **args)
{
	struct view view;
	enum reply reply = REPLY_OK;
	int ret;

	(void)args;
	ret = view_look(&view, options->control);
	if (ret) {
		ctl_say("the driver cannot be talked to: %s", strerror(-ret));
		view_clear(&view);
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
	view_clear(&view);
	return reply;
}
