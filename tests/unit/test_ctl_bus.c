// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "text.h"
#include "unit.h"

#define UNBOUND \
	"1-1.2: the driver is loaded, but not bound to the module: echo 1-1.2:1.1 > /sys/bus/usb/drivers/uxmc/bind; if that fails, dmesg says why"
#define TAKEN \
	"1-1: usbfs has the module, not the driver: end what uses it (usbfs: a program such as dfu-util), then echo 1-1:1.0 > /sys/bus/usb/drivers/uxmc/bind"
#define NO_INTERFACE \
	"1-1: the module has no interface for firmware updates: see dmesg, and plug it in again"

static const struct {
	struct bus_module module;
	const char *sentence;
} sentences[] = {
	{ { .port = "1-1.2", .interface = "1-1.2:1.1" }, UNBOUND },
	{ { .port = "1-1", .interface = "1-1:1.0", .driver = "usbfs" }, TAKEN },
	{ { .port = "1-1" }, NO_INTERFACE },
};

static void test_sentences(void **state)
{
	char sentence[BUS_SENTENCE_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sentences); i++) {
		bus_sentence(&sentences[i].module, sentence);
		assert_string_equal(sentence, sentences[i].sentence);
	}
}

/* The longest names that there is room for. */
static void test_long_names(void **state)
{
	char sentence[BUS_SENTENCE_MAX];
	struct bus_module module = { 0 };

	(void)state;
	memset(module.port, '1', sizeof(module.port) - 1);
	memset(module.interface, '2', sizeof(module.interface) - 1);
	memset(module.driver, '3', sizeof(module.driver) - 1);
	bus_sentence(&module, sentence);
	assert_non_null(strstr(sentence, "drivers/uxmc/bind"));
}

static void test_forget(void **state)
{
	struct bus bus = { calloc(3, sizeof(*bus.list)), 3 };

	(void)state;
	assert_non_null(bus.list);
	strcpy(bus.list[0].port, "1-1");
	strcpy(bus.list[1].port, "1-2");
	strcpy(bus.list[2].port, "1-1.2");
	bus_forget(&bus, "1-3");
	assert_int_equal(bus.count, 3);
	bus_forget(&bus, "1-1");
	assert_int_equal(bus.count, 2);
	assert_string_equal(bus.list[0].port, "1-2");
	assert_string_equal(bus.list[1].port, "1-1.2");
	bus_forget(&bus, "1-1.2");
	bus_forget(&bus, "1-2");
	assert_int_equal(bus.count, 0);
	bus_clear(&bus);
	assert_null(bus.list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
