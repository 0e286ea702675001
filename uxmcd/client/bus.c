// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "text.h"

#define BIND	"echo %s > /sys/bus/usb/drivers/uxmc/bind"

void bus_clear(struct bus *bus)
{
	free(bus->list);
	*bus = (struct bus){ 0 };
}

void bus_forget(struct bus *bus, const char *port)
{
	size_t i, kept = 0;

	for (i = 0; i < bus->count; i++)
		if (strcmp(bus->list[i].port, port) != 0)
			bus->list[kept++] = bus->list[i];
	bus->count = kept;
}

void bus_sentence(const struct bus_module *module, char *to)
{
	const size_t size = BUS_SENTENCE_MAX;

	if (!*module->interface)
		text_format(to, size,
			    "%s: the module has no interface for firmware updates: see dmesg, and plug it in again",
			    module->port);
	else if (*module->driver)
		text_format(to, size,
			    "%s: %s has the module, not the driver: end what uses it (usbfs: a program such as dfu-util), then "
			    BIND, module->port, module->driver,
			    module->interface);
	else
		text_format(to, size,
			    "%s: the driver is loaded, but not bound to the module: "
			    BIND "; if that fails, dmesg says why",
			    module->port, module->interface);
}
