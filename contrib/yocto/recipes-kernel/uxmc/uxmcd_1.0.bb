SUMMARY = "Firmware updates of Snom's USB expansion modules"
LICENSE = "GPL-2.0-or-later"
LIC_FILES_CHKSUM = "file://COPYING;md5=32c12c815bc31e568676dbfcc58c1dd6"

DEPENDS = "curl inih json-c libnl libseccomp libsodium libxml2 udev"
# It is loaded, not linked with.
RDEPENDS:${PN} = "libseccomp libsodium libxml2"
RRECOMMENDS:${PN} = "kernel-module-uxmc"

inherit bash-completion externalsrc pkgconfig systemd update-rc.d useradd

# The web pages, a package of their own: PACKAGECONFIG:append = " web"
PACKAGECONFIG ??= ""
PACKAGECONFIG[web] = ",,libmicrohttpd"
WEB = "${@bb.utils.contains('PACKAGECONFIG', 'web', 'web', '', d)}"
PACKAGES =+ "uxmcweb"

# Whom uxmc-fetch and uxmcweb run as
USERADD_PACKAGES = "${PN} uxmcweb"
USERADD_PARAM:uxmcweb = "--system --user-group --no-create-home --home-dir /nonexistent --shell /sbin/nologin uxmc-web"
USERADD_PARAM:${PN} = "--system --user-group --no-create-home --home-dir /nonexistent --shell /sbin/nologin uxmc-fetch"

# The tree that this layer is in; what is built is not put there.
EXTERNALSRC = "${@os.path.abspath(d.getVar('THISDIR') + '/../../../..')}"
EXTRA_OEMAKE = "-C ${S} BUILD=${B} WARNINGS=-std=gnu11"

do_compile() {
	oe_runmake ${B}/uxmcd ${B}/uxmc-fetch ${B}/uxmcctl \
		${@'${B}/uxmcweb' if d.getVar('WEB') else ''}
}

do_install() {
	oe_runmake DESTDIR=${D} unitdir=${systemd_system_unitdir} \
		rulesdir=${nonarch_base_libdir}/udev/rules.d \
		firmwaredir=${nonarch_base_libdir}/firmware install-programs \
		${@'install-web' if d.getVar('WEB') else ''}
	install -D -m 0755 ${S}/contrib/uxmcd.init ${D}${sysconfdir}/init.d/uxmcd
	if [ -n "${WEB}" ]; then
		install -D -m 0755 ${S}/contrib/uxmcweb.init \
			${D}${sysconfdir}/init.d/uxmcweb
	fi
}

FILES:uxmcweb = "${sbindir}/uxmcweb ${sysconfdir}/init.d/uxmcweb \
	${systemd_system_unitdir}/uxmcweb.* ${systemd_system_unitdir}/uxmcd.service.d"
RDEPENDS:uxmcweb = "${PN}"

CONFFILES:${PN} = "${sysconfdir}/uxmcd.conf"
FILES:${PN} += "${systemd_system_unitdir} ${nonarch_base_libdir}"

INITSCRIPT_PACKAGES = "${PN} ${@'uxmcweb' if d.getVar('WEB') else ''}"
INITSCRIPT_NAME:${PN} = "uxmcd"
INITSCRIPT_NAME:uxmcweb = "uxmcweb"
SYSTEMD_PACKAGES = "${PN} ${@'uxmcweb' if d.getVar('WEB') else ''}"
SYSTEMD_SERVICE:uxmcweb = "uxmcweb.socket uxmcweb.service"
SYSTEMD_SERVICE:${PN} = "uxmcd.service uxmc-fetch.socket uxmc-fetch@.service"
# udev starts it.
SYSTEMD_AUTO_ENABLE = "disable"
