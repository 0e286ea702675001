################################################################################
#
# uxmc
#
################################################################################

# The tree that this file is in.
UXMC_VERSION = 1.0
UXMC_SITE = $(BR2_EXTERNAL_UXMC_PATH)/../..
UXMC_SITE_METHOD = local
UXMC_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = --exclude /build --exclude '*.o' \
	--exclude '*.ko' --exclude '*.mod' --exclude '.*.cmd'
UXMC_LICENSE = GPL-2.0 (driver), GPL-2.0+ (programs)
UXMC_LICENSE_FILES = COPYING
UXMC_INSTALL_STAGING = YES
UXMC_DEPENDENCIES = host-pkgconf inih json-c libcurl libnl libseccomp libsodium \
	libudev libxml2

UXMC_PROGRAMS = build/uxmcd build/uxmc-fetch build/uxmcctl
UXMC_INSTALL = install-programs

ifeq ($(BR2_PACKAGE_UXMC_WEB),y)
UXMC_DEPENDENCIES += libmicrohttpd
UXMC_PROGRAMS += build/uxmcweb
UXMC_INSTALL += install-web

# Whom uxmcweb runs as
UXMC_WEB_USER = uxmc-web -1 uxmc-web -1 * - - - Web pages of expansion modules

define UXMC_INSTALL_WEB_INIT
	$(INSTALL) -D -m 0755 $(@D)/contrib/uxmcweb.init \
		$(TARGET_DIR)/etc/init.d/S61uxmcweb
endef
endif

# The driver is kernel-module's.
UXMC_MODULE_MAKE_OPTS = INSTALL_MOD_DIR=updates

define UXMC_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_NET)
	$(call KCONFIG_ENABLE_OPT,CONFIG_USB)
	$(call KCONFIG_ENABLE_OPT,CONFIG_CRC32)
	$(call KCONFIG_ENABLE_OPT,CONFIG_SYSFS)
	$(call KCONFIG_ENABLE_OPT,CONFIG_FW_LOADER)
endef

define UXMC_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) $(TARGET_CONFIGURE_OPTS) WARNINGS=-std=gnu11 \
		$(UXMC_PROGRAMS)
endef

# For programs that read /dev/uxmcN
define UXMC_INSTALL_STAGING_CMDS
	$(INSTALL) -D -m 0644 $(@D)/driver/uapi/uxmc.h \
		$(STAGING_DIR)/usr/include/linux/uxmc.h
endef

define UXMC_INSTALL_TARGET_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) DESTDIR=$(TARGET_DIR) $(UXMC_INSTALL)
endef

# Whom uxmc-fetch runs as
define UXMC_USERS
	uxmc-fetch -1 uxmc-fetch -1 * - - - Fetches for uxmcd
	$(UXMC_WEB_USER)
endef

define UXMC_INSTALL_INIT_SYSV
	$(INSTALL) -D -m 0755 $(@D)/contrib/uxmcd.init \
		$(TARGET_DIR)/etc/init.d/S60uxmcd
	$(UXMC_INSTALL_WEB_INIT)
endef

$(eval $(kernel-module))
$(eval $(generic-package))
