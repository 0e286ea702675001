// SPDX-License-Identifier: GPL-2.0-or-later
#include "json.h"
#include "view_json.h"
#include "waiting.h"

static struct json_object *module_json(const struct module *module)
{
	struct json_object *object = json_object_new_object();
	char name[VIEW_NAME_SIZE];

	view_name(module, name);
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
	ctl_json_text(object, "port", waiting_port(view));
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

struct json_object *view_json(const struct view *view)
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
	return root;
}
