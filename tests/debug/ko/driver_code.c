// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the driver's code is, from one loading of it to the next. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "driver_code.h"
#include "inflight.h"

#define DRIVER	"uxmc"

static struct module *driver;

static int driver_changed(struct notifier_block *unused, unsigned long state,
			  void *data)
{
	struct module *module = data;

	if (strcmp(module->name, DRIVER))
		return NOTIFY_DONE;
	if (state == MODULE_STATE_COMING)
		WRITE_ONCE(driver, module);
	if (state == MODULE_STATE_GOING) {
		WRITE_ONCE(driver, NULL);
		inflight_driver_gone();
	}
	return NOTIFY_DONE;
}

static struct notifier_block driver_notifier = { .notifier_call = driver_changed };

bool driver_code_has(const void *function)
{
	const struct module *module = READ_ONCE(driver);

	return module && within_module((unsigned long)function, module);
}

int driver_code_init(void)
{
	return register_module_notifier(&driver_notifier);
}

void driver_code_exit(void)
{
	unregister_module_notifier(&driver_notifier);
}
