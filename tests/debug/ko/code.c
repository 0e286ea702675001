// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the code of modules is, from one loading of them to the next. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "code.h"
#include "inflight.h"

#define DRIVER	"uxmc"
#define VHCI	"vhci_hcd"

static struct module *driver;
static struct module *vhci;

static void note(const char *name, struct module **place, struct module *module,
		 unsigned long state)
{
	if (strcmp(module->name, name))
		return;
	if (state == MODULE_STATE_COMING)
		WRITE_ONCE(*place, module);
	if (state == MODULE_STATE_GOING)
		WRITE_ONCE(*place, NULL);
}

static int module_changed(struct notifier_block *unused, unsigned long state,
			  void *module)
{
	bool was_there = driver;

	note(DRIVER, &driver, module, state);
	note(VHCI, &vhci, module, state);
	if (was_there && !driver)
		inflight_driver_gone();
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = module_changed };

static bool is_in(const struct module *module, const void *address)
{
	return module && within_module((unsigned long)address, module);
}

bool code_is_drivers(const void *address)
{
	return is_in(READ_ONCE(driver), address);
}

bool code_is_vhcis(const void *address)
{
	return is_in(READ_ONCE(vhci), address);
}

int code_init(void)
{
	return register_module_notifier(&notifier);
}

void code_exit(void)
{
	unregister_module_notifier(&notifier);
}
