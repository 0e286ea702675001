# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            build all: the driver, the daemon, its tool, the simulator
# make driver     the kernel module alone; KDIR=... names the kernel's headers
# make programs   all but the driver
# make install    honours DESTDIR and prefix
# make uninstall  what was installed, but not what was set up or stored since
# make check      build, and run the tests   } these install the packages
# make demo       an update, from end to end } that they need
# make web        a phone whose web pages you can try in a browser
# make check-kernels   the driver on Debian's kernels from 5.10 on
# make deb        build the Debian packages, into build/deb
# make check-dkms      the driver under DKMS, on two kernels
# make check-packages  that, and the Debian packages in a chroot
# make check-phone     an update on a phone without systemd and udev
# make check-arm       all of it on ARM, 64 bits and 32
# make check-controllers  the driver on xhci, ehci and uhci, with chains of modules
# make check-web       the web pages, in a browser and by strangers
# make check-debug     the driver in a kernel that looks for its faults
# make bench      hosts of DFU side by side
# make fetch-tests     uxmc-fetch against odd servers, and its jail; no guest
# make web-tests       uxmcweb with tests in place of uxmcd and the driver; no guest
# make fleet           a week of PHONES=400 phones with uxmcd, and one server
# make fuzz            the fuzzers, for SECONDS=300 in all
#
# WEB=no builds all but the web pages, which need libmicrohttpd; without it they are
# left out, and that is said.
#
# To cross-build, say ARCH= and CROSS_COMPILE= as for the kernel; CC, CFLAGS and
# PKG_CONFIG are taken as they are set.

ifdef CROSS_COMPILE
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
endif

# What is built for another machine is built elsewhere: build/aarch64-linux-gnu
BUILD := build$(patsubst %-,/%,$(notdir $(CROSS_COMPILE)))
prefix ?= /usr
sbindir ?= $(prefix)/sbin
bindir ?= $(prefix)/bin
libexecdir ?= $(prefix)/libexec
mandir ?= $(prefix)/share/man
includedir ?= $(prefix)/include
completiondir ?= $(prefix)/share/bash-completion/completions
sysconfdir ?= /etc
unitdir ?= /lib/systemd/system
rulesdir ?= /lib/udev/rules.d
firmwaredir ?= /lib/firmware
statedir ?= /var/lib/uxmcd

CFLAGS ?= -O2 -g
WARNINGS := -std=gnu11 -Wall -Wextra -Werror
# On 32 bits, too, files of any size, and times after 2038
WARNINGS += -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
INSTALL ?= install
DEPMOD ?= depmod
PKG_CONFIG ?= pkg-config

all: programs driver

# The parts. Each build.mk appends to these lists and names what a program is
# linked from ($(BUILD)/uxmcd: $(BUILD)/uxmcd/main.o ...) and with (LDLIBS of
# that target); the rules to compile and link are below.
PROGRAMS :=
TEST_PROGRAMS :=
UNIT_TESTS :=
# These goals do without, and the packages may not be there yet.
ifeq ($(filter bench check check-% deb demo fuzz style clean driver web,$(MAKECMDGOALS)),)
-include uxmcd/build.mk
-include tests/sim/build.mk
-include tests/debug/build.mk
-include tests/fetch/build.mk
-include tests/fleet/build.mk
-include tests/web/build.mk
-include tests/unit/build.mk
-include $(shell find $(BUILD)/obj $(BUILD)/tests -name '*.d' 2>/dev/null)
endif

programs: $(PROGRAMS) $(TEST_PROGRAMS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<

$(BUILD)/%:
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

# The driver, against the running kernel's headers if they are there, else the
# newest that are installed.
newest = $(lastword $(shell ls -d $(1) 2>/dev/null | sort -V))
ifndef KDIR
KDIR := $(firstword $(realpath /lib/modules/$(shell uname -r)/build) \
	$(realpath $(call newest,/lib/modules/*/build/)) \
	$(call newest,/usr/src/linux-headers-*[!n]/))
endif
ifneq ($(KDIR),)
KVER := $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
endif

driver: | headers
	+$(MAKE) -C $(KDIR) M=$(CURDIR) $(if $(W),W=$(W)) $(if $(C),C=$(C)) modules

headers:
	@if [ -z "$(KVER)" ]; then \
		echo "No kernel headers$(if $(KDIR), in $(KDIR)): install those of your" \
		     "kernel (on Debian, the package linux-headers-amd64), or say" \
		     "where they are with KDIR=" >&2; \
		exit 1; \
	fi

# Installing. install-files and its parts install what has been built.
install: all
	$(MAKE) install-files KDIR=$(KDIR)

install-files: install-driver install-programs \
	$(if $(wildcard $(BUILD)/uxmcweb),install-web)

install-driver: | headers
	$(INSTALL) -D -m 644 driver/uapi/uxmc.h \
		$(DESTDIR)$(includedir)/linux/uxmc.h
	$(INSTALL) -D -m 644 driver/uxmc.ko \
		$(DESTDIR)/lib/modules/$(KVER)/updates/uxmc.ko
ifeq ($(filter-out /,$(DESTDIR)),)
	PATH=$$PATH:/usr/sbin:/sbin $(DEPMOD) -a $(KVER)
endif

units := $(notdir $(wildcard uxmcd/*.service uxmcd/*.socket))

install-programs:
	$(INSTALL) -d $(addprefix $(DESTDIR),$(sbindir) $(bindir) $(libexecdir) $(mandir)/man1 \
		$(mandir)/man5 $(mandir)/man8 $(sysconfdir) $(unitdir) $(rulesdir) \
		$(completiondir) $(firmwaredir) \
		$(statedir)/firmware)
	$(INSTALL) $(BUILD)/uxmcd $(DESTDIR)$(sbindir)/uxmcd
	$(INSTALL) $(BUILD)/uxmcctl $(DESTDIR)$(bindir)/uxmcctl
	$(INSTALL) $(BUILD)/uxmc-fetch $(DESTDIR)$(libexecdir)/uxmc-fetch
	for page in $(filter-out uxmcd/uxmcweb.8,$(wildcard uxmcd/*.[158])); do \
		$(INSTALL) -m 644 $$page $(DESTDIR)$(mandir)/man$${page##*.}/; \
	done
	$(INSTALL) -m 644 uxmcd/uxmcctl.bash $(DESTDIR)$(completiondir)/uxmcctl
	$(INSTALL) -m 644 udev/70-uxmc.rules $(DESTDIR)$(rulesdir)
	for unit in $(filter-out uxmcweb.%,$(units)); do \
		sed 's,/usr/sbin/,$(sbindir)/,; s,/usr/libexec/,$(libexecdir)/,' \
			uxmcd/$$unit >$(DESTDIR)$(unitdir)/$$unit; \
	done
	[ -e $(DESTDIR)$(sysconfdir)/uxmcd.conf ] || \
		$(INSTALL) -m 644 uxmcd/uxmcd.conf $(DESTDIR)$(sysconfdir)/uxmcd.conf
	ln -sfn $(statedir)/firmware $(DESTDIR)$(firmwaredir)/uxmc

# The web pages, which a phone may do without. uxmcd's unit is told of their user.
install-web:
	$(INSTALL) -d $(addprefix $(DESTDIR),$(sbindir) $(mandir)/man8 \
		$(unitdir)/uxmcd.service.d)
	$(INSTALL) $(BUILD)/uxmcweb $(DESTDIR)$(sbindir)/uxmcweb
	$(INSTALL) -m 644 uxmcd/uxmcweb.8 $(DESTDIR)$(mandir)/man8/
	for unit in $(filter uxmcweb.%,$(units)); do \
		sed 's,/usr/sbin/,$(sbindir)/,' uxmcd/$$unit >$(DESTDIR)$(unitdir)/$$unit; \
	done
	$(INSTALL) -m 644 uxmcd/uxmcweb.conf \
		$(DESTDIR)$(unitdir)/uxmcd.service.d/uxmcweb.conf

# What the administrator and uxmcd wrote stays: uxmcd.conf, the state directory.
uninstall:
	rm -f $(addprefix $(DESTDIR),$(sbindir)/uxmcd $(bindir)/uxmcctl \
		$(libexecdir)/uxmc-fetch $(mandir)/man8/uxmc-fetch.8 \
		$(mandir)/man1/uxmcctl.1 $(mandir)/man5/uxmcd.conf.5 \
		$(mandir)/man8/uxmcd.8 \
		$(completiondir)/uxmcctl \
		$(rulesdir)/70-uxmc.rules $(unitdir)/uxmcd.service \
		$(unitdir)/uxmc-fetch.socket $(unitdir)/uxmc-fetch@.service \
		$(sbindir)/uxmcweb $(mandir)/man8/uxmcweb.8 \
		$(unitdir)/uxmcweb.socket $(unitdir)/uxmcweb.service \
		$(unitdir)/uxmcd.service.d/uxmcweb.conf \
		$(includedir)/linux/uxmc.h $(firmwaredir)/uxmc)
	rm -f $(DESTDIR)/lib/modules/*/updates/uxmc.ko
ifeq ($(filter-out /,$(DESTDIR)),)
	PATH=$$PATH:/usr/sbin:/sbin $(DEPMOD) -a
endif

# Testing. These need the packages of tests/packages, and a driver built for the
# guest's kernel where the guest is used; check and demo see to both.
check:
	@tests/check

check-kernels:
	@tests/install-packages
	@$(MAKE) --no-print-directory programs
	@tests/kernels/run

check-controllers:
	@tests/install-packages
	@$(MAKE) --no-print-directory programs
	@tests/controllers/run

check-dkms:
	@tests/install-packages packages packages.dkms
	@$(MAKE) --no-print-directory programs
	@tests/dkms/run

check-packages: export MAKEFLAGS :=
check-packages: check-dkms
	@tests/install-packages packages.deb
	@tests/deb/run

check-phone:
	@tests/install-packages
	@$(MAKE) --no-print-directory KDIR="$$(tests/vm/fetch-kernel kdir)" all
	@tests/phone/run

check-arm:
	@tests/install-packages packages packages.arm
	@tests/arm/run

check-web:
	@tests/install-packages packages packages.web
	@$(MAKE) --no-print-directory KDIR="$$(tests/vm/fetch-kernel kdir)" all web-programs
	@tests/web/check

check-debug:
	@tests/install-packages packages packages.debug
	@$(MAKE) --no-print-directory programs
	@tests/debug/run

demo:
	@tests/demo/run

web:
	@tests/install-packages
	@$(MAKE) --no-print-directory KDIR="$$(tests/vm/fetch-kernel kdir)" all
	@/usr/bin/python3 -B tests/web/try.py

bench:
	@tests/install-packages packages packages.bench
	@$(MAKE) --no-print-directory KDIR="$$(tests/vm/fetch-kernel kdir)" all
	@tests/bench/run

style:
	@tests/style

unit-programs: $(UNIT_TESTS)

unit: unit-programs
	@tests/unit/run $(UNIT_TESTS)

fetch-programs: $(BUILD)/uxmcd $(BUILD)/uxmc-fetch $(FETCH_TEST_PROGRAMS)

fetch-tests: fetch-programs
	@tests/fetch/run

web-programs: $(BUILD)/uxmcweb $(WEB_TEST_PROGRAMS)

web-tests: web-programs
	@tests/web/run --ignore=tests/web/test_phone.py

fleet: $(BUILD)/fleet
	@tests/fleet/run --phones $(or $(PHONES),400)

# The real time, not the processor's: for longer runs say SECONDS=
fuzz:
	@tests/install-packages packages packages.fuzz
	@tests/fuzz/run --seconds $(or $(SECONDS),300)

e2e: programs
	@tests/e2e/run

# Debian packages, built in a copy of the tree, which stays as it is.
deb: export MAKEFLAGS :=
deb:
	@tests/install-packages packages.deb
	rm -rf $(BUILD)/deb
	mkdir -p $(BUILD)/deb/uxmc
	tar -c --exclude-vcs --exclude=./$(BUILD) --exclude='.[!.]*_cache' \
		--exclude=__pycache__ . | tar -x -C $(BUILD)/deb/uxmc
	cd $(BUILD)/deb/uxmc && dpkg-buildpackage -us -uc

clean:
	rm -rf $(BUILD)
	find . -name .git -prune -o \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name modules.order \
		-o -name Module.symvers -o -name .Module.symvers.cmd \
		-o -name .modules.order.cmd \) -exec rm -f {} +

.PHONY: all programs driver headers uninstall
.PHONY: install install-files install-driver install-programs install-web
.PHONY: check check-kernels check-controllers check-dkms check-packages check-phone check-arm
.PHONY: check-web check-debug
.PHONY: bench demo web deb fleet fuzz style unit unit-programs fetch-programs fetch-tests web-programs web-tests e2e clean
