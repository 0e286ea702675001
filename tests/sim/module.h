/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module: whether it is on the bus, and in which mode. */
#ifndef SIM_MODULE_H
#define SIM_MODULE_H

#include <linux/usb/ch9.h>
#include <stdbool.h>

#include "transport.h"

enum mode {
	MODE_APPLICATION,
	MODE_DFU,
};

/* Why a module leaves the bus by itself. */
enum departure {
	TO_DFU_MODE,
	TO_APPLICATION,
};

/**
 * struct module_options - how the module is made
 *
 * Times are in milliseconds. That of a reset's latency is the transport's.
 */
struct module_options {
	const char *model;
	const char *version;
	const char *serial;
	bool no_serial;
	bool no_dfu_serial;
	enum usb_device_speed speed;
	unsigned int transfer_size;
	unsigned int poll_ms;
	unsigned int idle_poll_ms;
	unsigned int alternates;
	unsigned int manifest_ms;
	bool tolerant;
	bool will_detach;
	unsigned int detach_ms;
	unsigned int reset_latency_ms;
	unsigned int reboot_ms;
	bool start_in_dfu;
	bool panel;
	bool version_string;
	unsigned int product;
	unsigned int dfu_product;
	bool verify;
	bool sha256;
	const char *new_version;
	const char *state_path;
};

extern struct module_options module_options;

enum mode module_mode(void);

/* The serial number that it shows in its present mode; NULL if none. */
const char *module_serial(void);

/* Plug it into that. Return: 0, or a negative errno after saying what is wrong. */
int module_start(const struct transport *into);

/* The socket to read from, or -1. */
int module_fd(void);

/* Leave the bus and come back in another mode. */
void module_leave(enum departure departure);

/* All of a firmware was written, and works as far as the module knows. */
void module_manifested(const char *version);

/* Be gone, like a cable pulled out, until plugged in anew. */
void module_vanish(void);

/* What a USB reset does. */
void module_reset(void);

/* SIGTERM and SIGINT unplug it and end the program, SIGUSR1 plugs it anew. */
void module_signalled(int number);

/* There is something to read from the host. */
void module_readable(void);

#endif
