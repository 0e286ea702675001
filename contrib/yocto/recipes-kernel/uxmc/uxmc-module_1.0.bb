SUMMARY = "Driver of Snom's USB expansion modules"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://COPYING;md5=32c12c815bc31e568676dbfcc58c1dd6"

inherit externalsrc module

# The tree that this layer is in. Kbuild builds modules where their source is.
EXTERNALSRC = "${@os.path.abspath(d.getVar('THISDIR') + '/../../../..')}"
EXTERNALSRC_BUILD = "${EXTERNALSRC}"

EXTRA_OEMAKE += "-C ${STAGING_KERNEL_DIR} M=${S} INSTALL_MOD_DIR=updates"
MAKE_TARGETS = "modules"

# For programs that read /dev/uxmcN
do_install:append() {
	install -D -m 0644 ${S}/driver/uapi/uxmc.h ${D}${includedir}/linux/uxmc.h
}
