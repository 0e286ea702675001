// SPDX-License-Identifier: GPL-2.0-or-later
#include <libudev.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "model.h"
#include "printable.h"
#include "text.h"

#define DRIVER		"uxmc"
#define CLASS_DFU	"fe"
#define SUBCLASS_DFU	"01"

typedef void (*taker)(void *context, struct udev_device *device);

static void take_all(struct udev *udev, struct udev_enumerate *found,
		     taker take, void *context)
{
	struct udev_list_entry *entry = udev_enumerate_get_list_entry(found);
	struct udev_device *device;

	for (; entry; entry = udev_list_entry_get_next(entry)) {
		device = udev_device_new_from_syspath(udev,
						      udev_list_entry_get_name(entry));
		/* One that was unplugged meanwhile is none. */
		if (!device)
			continue;
		take(context, device);
		udev_device_unref(device);
	}
}

/*
 * Hands on all of the subsystem usb with that attribute. Attributes are sysfs's;
 * properties would be udevd's, which may not run.
 */
static void find(struct udev *udev, const char *attribute, const char *value,
		 taker take, void *context)
{
	struct udev_enumerate *found = udev_enumerate_new(udev);

	if (!found)
		return;
	if (udev_enumerate_add_match_subsystem(found, "usb") >= 0 &&
	    udev_enumerate_add_match_sysattr(found, attribute, value) >= 0 &&
	    udev_enumerate_scan_devices(found) >= 0)
		take_all(udev, found, take, context);
	udev_enumerate_unref(found);
}

static const char *attribute_of(struct udev_device *device, const char *name)
{
	const char *value = udev_device_get_sysattr_value(device, name);

	return value ? value : "";
}

/* Some of it is what the module says. */
static void put(char *to, size_t size, const char *text)
{
	text_format(to, size, "%s", text ? text : "");
	printable(to);
}

/* Those of the device at 1-1 are 1-1:1.0 and so on. */
static bool is_of(const char *interface, const char *port)
{
	size_t length = strlen(port);

	return !strncmp(interface, port, length) && interface[length] == ':';
}

static void take_interface(void *context, struct udev_device *interface)
{
	const char *name = udev_device_get_sysname(interface);
	struct bus_module *module = context;

	if (!is_of(name, module->port) ||
	    strcmp(attribute_of(interface, "bInterfaceSubClass"),
		   SUBCLASS_DFU) != 0)
		return;
	put(module->interface, sizeof(module->interface), name);
	put(module->driver, sizeof(module->driver),
	    udev_device_get_driver(interface));
}

/* Which model is it, and in which mode? */
static bool identify(struct bus_module *module, const char *product)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(models); i++) {
		module->model = models[i].name;
		for (module->mode = 0;
		     module->mode < ARRAY_SIZE(models[i].product);
		     module->mode++)
			if (!strcmp(models[i].product[module->mode], product))
				return true;
	}
	return false;
}

static void add(struct bus *bus, const struct bus_module *module)
{
	struct bus_module *list;

	list = reallocarray(bus->list, bus->count + 1, sizeof(*list));
	if (!list)
		return;
	list[bus->count++] = *module;
	bus->list = list;
}

static void take_device(void *context, struct udev_device *device)
{
	struct bus_module module = { 0 };

	if (!identify(&module, attribute_of(device, "idProduct")))
		return;
	put(module.port, sizeof(module.port), udev_device_get_sysname(device));
	put(module.serial, sizeof(module.serial),
	    attribute_of(device, "serial"));
	find(udev_device_get_udev(device), "bInterfaceClass", CLASS_DFU,
	     take_interface, &module);
	if (strcmp(module.driver, DRIVER) != 0)
		add(context, &module);
}

void bus_look(struct bus *bus)
{
	struct udev *udev = udev_new();

	*bus = (struct bus){ 0 };
	if (!udev)
		return;
	find(udev, "idVendor", MODEL_VENDOR, take_device, bus);
	udev_unref(udev);
}
