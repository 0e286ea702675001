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

# The driver is kernel-module's.
UXMC_MODULE_MAKE_OPTS = INSTALL_MOD_DIR=updates

define UXMC_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_NET)
	$(call KCONFIG_ENABLE_OPT,CONFIG_USB)
	$(call KCONFIG_ENABLE_OPT,CONFIG_FW_LOADER)
endef

define UXMC_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) $(TARGET_CONFIGURE_OPTS) WARNINGS=-std=gnu11 \
		build/uxmcd build/uxmc-fetch build/uxmcctl
endef

# For programs that read /dev/uxmcN
define UXMC_INSTALL_STAGING_CMDS
	$(INSTALL) -D -m 0644 $(@D)/driver/uapi/uxmc.h \
		$(STAGING_DIR)/usr/include/linux/uxmc.h
endef

define UXMC_INSTALL_TARGET_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) DESTDIR=$(TARGET_DIR) install-programs
endef

# Whom uxmc-fetch runs as
define UXMC_USERS
	uxmc-fetch -1 uxmc-fetch -1 * - - - Fetches for uxmcd
endef

define UXMC_INSTALL_INIT_SYSV
	$(INSTALL) -D -m 0755 $(@D)/contrib/uxmcd.init \
		$(TARGET_DIR)/etc/init.d/S60uxmcd
endef

$(eval $(kernel-module))
$(eval $(generic-package))
