// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uxmc-sim - a simulated UXMC expansion module
 *
 * A USB device on the kernel's virtual host controller, or on one of QEMU's, one
 * process for each module. To the host it is a module on a real bus: it is enumerated, flashed
 * and unplugged like one.
 */
#include <stdio.h>
#include <string.h>

#include "dfu.h"
#include "faults.h"
#include "flash.h"
#include "image.h"
#include "log.h"
#include "loop.h"
#include "module.h"
#include "options.h"
#include "screen.h"
#include "transport.h"

#define MAX_PORT	7
#define DAY_MS		86400000
#define POLL_TIMEOUT_MAX	0xffffff

static unsigned int port;
static const char *redir_path;
static const char *log_path;
static bool verbose;
static bool with_screen;

static const char *take_model(const char *model)
{
	if (strcmp(model, "D7C") && strcmp(model, "D8C"))
		return "is no model: D7C or D8C";
	module_options.model = model;
	return NULL;
}

static const char *take_speed(const char *speed)
{
	if (!strcmp(speed, "high"))
		module_options.speed = USB_SPEED_HIGH;
	else if (!strcmp(speed, "full"))
		module_options.speed = USB_SPEED_FULL;
	else
		return "is no speed of a module: high or full";
	return NULL;
}

static const struct option_row options[] = {
	CALL_OPTION("model", "MODEL", take_model,
		    "D7C or D8C (D7C)"),
	TEXT_OPTION("version", "V", &module_options.version,
		    "running firmware (1.1.1)"),
	TEXT_OPTION("serial", "S", &module_options.serial,
		    "serial number (SIM0001)"),
	SET_OPTION("no-serial", &module_options.no_serial,
		   "no serial number"),
	SET_OPTION("no-dfu-serial", &module_options.no_dfu_serial,
		   "no serial number in DFU mode"),
	NUMBER_OPTION("port", "N", &port, 0, MAX_PORT,
		      "port of the virtual host controller (0)"),
	TEXT_OPTION("redir", "SOCKET", &redir_path,
		    "plug into QEMU instead: the chardev of a usb-redir device"),
	CALL_OPTION("speed", "SPEED", take_speed,
		    "high or full (high)"),
	NUMBER_OPTION("transfer-size", "N", &module_options.transfer_size,
		      1, 65535, "wTransferSize (4096)"),
	NUMBER_OPTION("poll", "MS", &module_options.poll_ms,
		      0, POLL_TIMEOUT_MAX,
		      "bwPollTimeout in dfuDNBUSY; 0: never busy (0)"),
	NUMBER_OPTION("idle-poll", "MS", &module_options.idle_poll_ms,
		      0, POLL_TIMEOUT_MAX,
		      "bwPollTimeout in dfuIDLE and dfuDNLOAD-IDLE (0)"),
	NUMBER_OPTION("alternates", "N", &module_options.alternates, 1, 8,
		      "alternate settings in DFU mode (1)"),
	NUMBER_OPTION("manifest-ms", "MS", &module_options.manifest_ms,
		      0, POLL_TIMEOUT_MAX, "how long manifestation takes (300)"),
	SET_OPTION("tolerant", &module_options.tolerant,
		   "bitManifestationTolerant is set"),
	CLEAR_OPTION("not-tolerant", &module_options.tolerant,
		     "bitManifestationTolerant is clear (the default)"),
	SET_OPTION("will-detach", &module_options.will_detach,
		   "bitWillDetach is set (the default)"),
	CLEAR_OPTION("no-will-detach", &module_options.will_detach,
		     "bitWillDetach is clear"),
	NUMBER_OPTION("detach-ms", "MS", &module_options.detach_ms, 0, 65535,
		      "wDetachTimeOut (1000)"),
	NUMBER_OPTION("reboot-ms", "MS", &module_options.reboot_ms, 0, DAY_MS,
		      "time off the bus between modes, at least 120 (200)"),
	SET_OPTION("start-in-dfu", &module_options.start_in_dfu,
		   "an update was begun and never finished"),
	CLEAR_OPTION("no-panel", &module_options.panel,
		     "application mode has no panel interface"),
	CLEAR_OPTION("no-version-string", &module_options.version_string,
		     "the version is in bcdDevice only"),
	HEX_OPTION("product-id", "HEX", &module_options.product, 0xffff,
		   "idProduct (d7c0 or d8c0)"),
	HEX_OPTION("dfu-product-id", "HEX", &module_options.dfu_product, 0xffff,
		   "idProduct in DFU mode (d7c1 or d8c1)"),
	CALL_OPTION("fault", "NAME[:N]", faults_add,
		    "something is wrong with the module; see below"),
	CLEAR_OPTION("no-verify", &module_options.verify,
		     "accept images that mkimage did not make"),
	CLEAR_OPTION("no-sha256", &module_options.sha256,
		     "check images by their own CRC-32 alone, which is quicker"),
	TEXT_OPTION("new-version", "V", &module_options.new_version,
		    "version of such an image (1.6.1)"),
	TEXT_OPTION("state", "FILE", &module_options.state_path,
		    "the module's flash: read if it is there, and kept"),
	SET_OPTION("screen", &with_screen,
		   "show the module's screen as text"),
	TEXT_OPTION("log", "FILE", &log_path,
		    "append a line for each event; - is standard error"),
	SET_OPTION("verbose", &verbose,
		   "log every block and change of state too"),
	END_OPTIONS
};

static void more_help(void)
{
	faults_help();
	printf("\nSignals: SIGTERM and SIGINT unplug it, SIGUSR1 unplugs it and plugs it in\n"
	       "anew, SIGUSR2 has it fall back into DFU mode by itself, SIGKILL pulls its\n"
	       "cable.\n");
}

static const struct command_line line = {
	.program = "uxmc-sim",
	.usage = "[OPTION]...",
	.about = "A simulated UXMC expansion module on the virtual host controller vhci-hcd,\n"
		 "or in QEMU.",
	.options = options,
	.more_help = more_help,
};

static void set_defaults(void)
{
	module_options = (struct module_options) {
		.model = "D7C",
		.version = "1.1.1",
		.serial = "SIM0001",
		.speed = USB_SPEED_HIGH,
		.transfer_size = 4096,
		.alternates = 1,
		.manifest_ms = 300,
		.will_detach = true,
		.detach_ms = 1000,
		.reboot_ms = 200,
		.panel = true,
		.version_string = true,
		.verify = true,
		.sha256 = true,
		.new_version = "1.6.1",
	};
}

static void check_text(const char *option, const char *text, size_t max)
{
	if (strlen(text) > max)
		options_fail(&line, "--%s: '%s' is longer than %zu characters",
			     option, text, max);
}

int main(int argc, char **argv)
{
	int ret;

	set_defaults();
	if (options_parse(&line, argc, argv) != argc)
		options_fail(&line, "there are only options, no arguments");
	check_text("version", module_options.version, FLASH_TEXT_MAX);
	check_text("new-version", module_options.new_version, IMAGE_VERSION_MAX);
	check_text("serial", module_options.serial, FLASH_TEXT_MAX);

	log_set_verbose(verbose);
	if (log_path) {
		ret = log_open(log_path);
		if (ret)
			options_fail(&line, "--log: %s: %s", log_path,
				     strerror(-ret));
	}
	if (with_screen)
		screen_enable();

	if (module_start(redir_path ? usbredir_transport(redir_path) :
				      vhci_transport(port)))
		return 1;

	ret = loop_run(module_fd, module_readable, module_signalled);
	if (ret < 0)
		(void)fprintf(stderr, "uxmc-sim: %s\n", strerror(-ret));
	return ret < 0 ? 1 : ret;
}
