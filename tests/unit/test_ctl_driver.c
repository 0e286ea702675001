// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nodriver.h"
#include "text.h"
#include "unit.h"

#define KERNEL	"6.1.0-56-amd64"
#define MODULES	"lib/modules/" KERNEL
#define FILE_IN_DKMS	MODULES "/updates/dkms/uxmc.ko"
#define SIG_ENFORCE	"sys/module/module/parameters/sig_enforce"
#define LOCKDOWN	"sys/kernel/security/lockdown"

#define SIGNER	"DKMS module signing key"
#define ENDING(size) \
	"\1\2\3\4\5\6\7\10\0\0\0" size "~Module signature appended~\n"

/* A file below the directory, and the directories that it is in. */
static void put(void **state, const char *path, const char *text, size_t size)
{
	int dir = unit_dir(state), fd;
	char part[256];
	size_t i;

	for (i = 0; path[i]; i++) {
		part[i] = '\0';
		if (path[i] == '/')
			mkdirat(dir, part, 0755);
		part[i] = path[i];
	}
	fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	close(fd);
}

#define PUT(path, text)	put(state, path, text, sizeof(text) - 1)

static enum ctl_driver_cause look(void **state, struct ctl_driver *driver)
{
	ctl_driver_look(driver, unit_dir(state), KERNEL);
	assert_string_equal(driver->kernel, KERNEL);
	return ctl_driver_cause(driver);
}

static void expect(const struct ctl_driver *driver, const char *part)
{
	char sentence[CTL_DRIVER_SENTENCE_MAX];

	ctl_driver_sentence(driver, sentence);
	if (!strstr(sentence, part))
		fail_msg("\"%s\" is not in \"%s\"", part, sentence);
	assert_true(strlen(sentence) < sizeof(sentence) - 1);
}

static void test_not_built(void **state)
{
	struct ctl_driver driver;

	assert_int_equal(look(state, &driver), CTL_DRIVER_NOT_BUILT);
	expect(&driver, "not installed for the kernel that runs, " KERNEL ":");

	/* That it is there for another kernel does not help. */
	PUT("lib/modules/6.1.0-55-amd64/updates/dkms/uxmc.ko", "");
	PUT(MODULES "/modules.dep",
	    "kernel/a.ko:\nkernel/b.ko: updates/uxmc.ko\nupdates/uxmc_x.ko:\n");
	PUT("var/lib/dkms/uxmc/1.0/source", "");
	assert_int_equal(look(state, &driver), CTL_DRIVER_NOT_BUILT);
	expect(&driver, "(linux-headers-" KERNEL "), then dkms autoinstall");

	PUT(MODULES "/build/include/x", "");
	assert_int_equal(look(state, &driver), CTL_DRIVER_NOT_BUILT);
	expect(&driver, ": dkms autoinstall says why");
}

static void test_not_loaded(void **state)
{
	struct ctl_driver driver;

	PUT(FILE_IN_DKMS, "ELF");
	assert_int_equal(look(state, &driver), CTL_DRIVER_NOT_LISTED);
	expect(&driver, "not loaded: depmod, then modprobe uxmc");

	PUT(MODULES "/modules.dep",
	    "kernel/a.ko: kernel/b.ko\nupdates/dkms/uxmc.ko: kernel/c.ko\n");
	assert_int_equal(look(state, &driver), CTL_DRIVER_NOT_LOADED);
	expect(&driver, "not loaded: modprobe uxmc");
	assert_false(driver.enforced);
	assert_int_equal(driver.signature, CTL_DRIVER_UNSIGNED);
}

static void test_places(void **state)
{
	static const char * const places[] = {
		MODULES "/updates/uxmc.ko", MODULES "/updates/uxmc.ko.xz",
		MODULES "/updates/dkms/uxmc.ko.zst", MODULES "/extra/uxmc.ko.gz",
	};
	struct ctl_driver driver;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		put(state, places[i], "", 0);
		look(state, &driver);
		assert_int_equal(driver.file, CTL_DRIVER_UNLISTED);
		unlinkat(unit_dir(state), places[i], 0);
		look(state, &driver);
		assert_int_equal(driver.file, CTL_DRIVER_ABSENT);
	}
}

static const struct {
	const char *sig_enforce;
	const char *lockdown;
	bool enforced;
} modes[] = {
	{ "", "", false },
	{ "N\n", "[none] integrity confidentiality\n", false },
	{ "Y\n", "[none] integrity confidentiality\n", true },
	{ "N\n", "none [integrity] confidentiality\n", true },
	{ "N\n", "none integrity [confidentiality]\n", true },
	{ "Y\n", "", true },
};

static void test_enforced(void **state)
{
	struct ctl_driver driver;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		put(state, SIG_ENFORCE, modes[i].sig_enforce,
		    strlen(modes[i].sig_enforce));
		put(state, LOCKDOWN, modes[i].lockdown,
		    strlen(modes[i].lockdown));
		look(state, &driver);
		assert_int_equal(driver.enforced, modes[i].enforced);
	}
}

static const struct {
	const char *text;
	size_t size;
	enum ctl_driver_signature signature;
} signatures[] = {
#define S(text, signature) { text, sizeof(text) - 1, signature }
	S("", CTL_DRIVER_UNSIGNED),
	S("~Module signature appended~\n", CTL_DRIVER_UNSIGNED),
	S("ELF" SIGNER ENDING("\27") "x", CTL_DRIVER_UNSIGNED),
	S("ELF" SIGNER ENDING("\27"), CTL_DRIVER_SIGNED),
	/* longer than the whole file */
	S("ELF" SIGNER ENDING("\377"), CTL_DRIVER_UNSIGNED),
	S(SIGNER ENDING("\27"), CTL_DRIVER_SIGNED),
	S(SIGNER ENDING("\30"), CTL_DRIVER_UNSIGNED),
	S(ENDING("\0"), CTL_DRIVER_SIGNED),
};

static void test_signed(void **state)
{
	struct ctl_driver driver;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signatures); i++) {
		put(state, FILE_IN_DKMS, signatures[i].text,
		    signatures[i].size);
		look(state, &driver);
		assert_int_equal(driver.signature, signatures[i].signature);
	}
	PUT(MODULES "/modules.dep", "updates/dkms/uxmc.ko.xz:\n");
	look(state, &driver);
	assert_int_equal(driver.signature, CTL_DRIVER_HIDDEN);
}

#define KEY	"0a1b2c3d I------     1 perm 1f030000     0     0 "
#define RING	KEY "keyring   .builtin_trusted_keys: 2\n"
#define ID	": 6ccece7e4c6c0d1f6149f3dd27dfcc5cbb419ea1: X509.rsa bb419ea1 []\n"

static const struct {
	const char *keys;
	enum ctl_driver_signature signature;
} trusts[] = {
	{ "", CTL_DRIVER_SIGNED },
	{ RING, CTL_DRIVER_SIGNED },
	{ KEY "asymmetri " SIGNER "\n", CTL_DRIVER_SIGNED },
	{ KEY "asymmetri Vendor CA" ID, CTL_DRIVER_DISTRUSTED },
	{ RING KEY "asymmetri Vendor: Vendor CA" ID, CTL_DRIVER_DISTRUSTED },
	{ KEY "asymmetri " SIGNER ID, CTL_DRIVER_TRUSTED },
	{ KEY "asymmetri Vendor: " SIGNER ID, CTL_DRIVER_TRUSTED },
	{ KEY "asymmetri Vendor CA" ID KEY "asymmetri " SIGNER ID RING,
	  CTL_DRIVER_TRUSTED },
};

static void test_trusted(void **state)
{
	struct ctl_driver driver;
	size_t i;

	PUT(FILE_IN_DKMS, "ELF 0 " SIGNER " 0" ENDING("\33"));
	for (i = 0; i < ARRAY_SIZE(trusts); i++) {
		put(state, "proc/keys", trusts[i].keys, strlen(trusts[i].keys));
		look(state, &driver);
		assert_int_equal(driver.signature, trusts[i].signature);
	}
}

static const struct {
	struct ctl_driver driver;
	enum ctl_driver_cause cause;
	enum reply reply;
	const char *word;
	const char *sentence;
} causes[] = {
	{ { .file = CTL_DRIVER_ABSENT, .enforced = true },
	  CTL_DRIVER_NOT_BUILT, REPLY_NOT_BUILT, "not-built", "install it" },
	{ { .file = CTL_DRIVER_LISTED, .signature = CTL_DRIVER_DISTRUSTED },
	  CTL_DRIVER_NOT_LOADED, REPLY_NO_DRIVER, "not-loaded",
	  "loaded: modprobe uxmc" },
	{ { .file = CTL_DRIVER_LISTED, .signature = CTL_DRIVER_UNSIGNED,
	    .enforced = true },
	  CTL_DRIVER_NOT_SIGNED, REPLY_NOT_TRUSTED, "not-signed",
	  "with DKMS, which signs it" },
	{ { .file = CTL_DRIVER_UNLISTED, .signature = CTL_DRIVER_UNSIGNED,
	    .enforced = true },
	  CTL_DRIVER_NOT_SIGNED, REPLY_NOT_TRUSTED, "not-signed",
	  "mokutil --import" },
	{ { .file = CTL_DRIVER_LISTED, .signature = CTL_DRIVER_DISTRUSTED,
	    .enforced = true },
	  CTL_DRIVER_KEY_UNKNOWN, REPLY_NOT_TRUSTED, "key-unknown",
	  "mokutil --import" },
	{ { .file = CTL_DRIVER_LISTED, .signature = CTL_DRIVER_TRUSTED,
	    .enforced = true },
	  CTL_DRIVER_NOT_LOADED, REPLY_NO_DRIVER, "not-loaded",
	  "loaded: modprobe uxmc" },
	{ { .file = CTL_DRIVER_LISTED, .signature = CTL_DRIVER_SIGNED,
	    .enforced = true },
	  CTL_DRIVER_NOT_LOADED, REPLY_NO_DRIVER, "not-loaded",
	  "loaded: modprobe uxmc; if the key is rejected, mokutil" },
	{ { .file = CTL_DRIVER_LISTED, .signature = CTL_DRIVER_HIDDEN,
	    .enforced = true },
	  CTL_DRIVER_NOT_LOADED, REPLY_NO_DRIVER, "not-loaded",
	  "loaded: modprobe uxmc; if the key is rejected, mokutil" },
	{ { .file = CTL_DRIVER_UNLISTED, .signature = CTL_DRIVER_HIDDEN },
	  CTL_DRIVER_NOT_LISTED, REPLY_NO_DRIVER, "not-listed",
	  "depmod, then modprobe uxmc" },
};

static void test_causes(void **state)
{
	enum ctl_driver_cause cause;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(causes); i++) {
		cause = ctl_driver_cause(&causes[i].driver);
		assert_int_equal(cause, causes[i].cause);
		assert_int_equal(ctl_driver_reply(cause), causes[i].reply);
		assert_string_equal(ctl_driver_word(cause), causes[i].word);
		expect(&causes[i].driver, causes[i].sentence);
	}
}

/* The longest name that a kernel can have. */
static void test_long_name(void **state)
{
	struct ctl_driver driver = { .dkms = true };

	(void)state;
	memset(driver.kernel, 'k', sizeof(driver.kernel) - 1);
	expect(&driver, "then dkms autoinstall");
}

int main(void)
{
#define IN_DIR(test) \
	cmocka_unit_test_setup_teardown(test, unit_make_dir, unit_remove_dir)
	const struct CMUnitTest tests[] = {
		IN_DIR(test_not_built),
		IN_DIR(test_not_loaded),
		IN_DIR(test_places),
		IN_DIR(test_enforced),
		IN_DIR(test_signed),
		IN_DIR(test_trusted),
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_long_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
