/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Snom UXMC expansion modules: what user space and the driver say to each other.
 *
 * The same interface, machine-readable, is in driver/netlink/uxmc.yaml.
 */
#ifndef _UAPI_LINUX_UXMC_H
#define _UAPI_LINUX_UXMC_H

#include <linux/types.h>

#define UXMC_GENL_NAME		"uxmc"
#define UXMC_GENL_VERSION	1
#define UXMC_GENL_GROUP		"monitor"

/*
 * Longest strings, in bytes without the terminating NUL. Strings are UTF-8; what
 * user space sends has no control characters in it: none of U+0000 to U+001F and
 * U+007F to U+009F.
 *
 * The user and password of a URL are shown to those with CAP_NET_ADMIN who ask
 * with %UXMC_CMD_MODULE_GET. Everybody else, notifications and sysfs get "***" in
 * their place, and so does the message of a failure.
 */
#define UXMC_URL_MAX		2048
#define UXMC_FILE_MAX		127
#define UXMC_MESSAGE_MAX	255
#define UXMC_VERSION_MAX	31
#define UXMC_SERIAL_MAX		127

/**
 * enum uxmc_cmd - commands of the generic netlink family
 * @UXMC_CMD_MODULE_GET: one module (by %UXMC_A_MODULE), or a dump of all
 * @UXMC_CMD_MODULE_NTF: notification: same attributes, and %UXMC_A_EVENT. Where
 *	one is lost, be it that the reader was slow or that there was no memory
 *	for it, reading fails with ENOBUFS once: ask for all modules again then
 * @UXMC_CMD_UPDATE_REQUEST: ask for an update to %UXMC_A_URL
 * @UXMC_CMD_UPDATE_FLASH: flash %UXMC_A_FILE, a name below uxmc/ in the
 *	firmware directory; with %UXMC_A_EXPECT the update fails if the module
 *	comes back with another version
 * @UXMC_CMD_UPDATE_REPORT: uxmcd's own progress: %UXMC_A_STATE is
 *	%UXMC_STATE_FETCHING (with %UXMC_A_DONE, %UXMC_A_TOTAL, %UXMC_A_TIMEOUT)
 *	or %UXMC_STATE_FAILED (then %UXMC_A_MESSAGE says why, and %UXMC_A_ERRNO
 *	may)
 * @UXMC_CMD_UPDATE_CANCEL: cancel, -EBUSY once the module has been disturbed
 * @UXMC_CMD_SETTING_SET: the value of the setting firmware_uxm to show
 *
 * Each takes the attributes named here, %UXMC_A_MODULE, and no others.
 */
enum uxmc_cmd {
	UXMC_CMD_MODULE_GET = 1,
	UXMC_CMD_MODULE_NTF,
	UXMC_CMD_UPDATE_REQUEST,
	UXMC_CMD_UPDATE_FLASH,
	UXMC_CMD_UPDATE_REPORT,
	UXMC_CMD_UPDATE_CANCEL,
	UXMC_CMD_SETTING_SET,

	__UXMC_CMD_MAX,
	UXMC_CMD_MAX = __UXMC_CMD_MAX - 1
};

/**
 * enum uxmc_attr - attributes of the generic netlink family
 * @UXMC_A_MODULE: u32, the N of uxmcN
 * @UXMC_A_EVENT: u32, enum uxmc_module_event, in notifications only
 * @UXMC_A_PORT: string, bus and port path, such as "1-1.2"
 * @UXMC_A_MODEL: string, "D7C" or "D8C"
 * @UXMC_A_MODE: u32, enum uxmc_mode
 * @UXMC_A_AWAY: flag, the module is off the bus; unless UXMC_MODULE_REMOVED
 *	follows, an update waits for it
 * @UXMC_A_VERSION: string, of the firmware that it last ran; empty if not known
 * @UXMC_A_SERIAL: string; empty if the module has none
 * @UXMC_A_STATE: u32, enum uxmc_state
 * @UXMC_A_DONE: u64, bytes done in the current state
 * @UXMC_A_TOTAL: u64, bytes in all, 0 if not known
 * @UXMC_A_TIMEOUT: u32, milliseconds until the next status is due at the
 *	latest; 0 if none is
 * @UXMC_A_MESSAGE: string: in a status "<phase>: <sentence>" where an update
 *	failed; in a report the sentence alone
 * @UXMC_A_ERRNO: u32, positive errno of the failure, 0 if there is none
 * @UXMC_A_URL: string, what the current or last update was asked for
 * @UXMC_A_FILE: string, file name of the image being flashed, no directory
 * @UXMC_A_EXPECT: string, version that the module must come back with
 * @UXMC_A_FIRMWARE_UXM: string, the setting firmware_uxm
 * @UXMC_A_CLEARED: flag, an empty line was written to firmware_uxm and
 *	uxmcd has not stored that yet (it does so and sends SETTING_SET)
 * @UXMC_A_PAD: padding of the 64-bit attributes
 */
enum uxmc_attr {
	UXMC_A_MODULE = 1,
	UXMC_A_EVENT,
	UXMC_A_PORT,
	UXMC_A_MODEL,
	UXMC_A_MODE,
	UXMC_A_AWAY,
	UXMC_A_VERSION,
	UXMC_A_SERIAL,
	UXMC_A_STATE,
	UXMC_A_DONE,
	UXMC_A_TOTAL,
	UXMC_A_TIMEOUT,
	UXMC_A_MESSAGE,
	UXMC_A_ERRNO,
	UXMC_A_URL,
	UXMC_A_FILE,
	UXMC_A_EXPECT,
	UXMC_A_FIRMWARE_UXM,
	UXMC_A_CLEARED,
	UXMC_A_PAD,

	__UXMC_A_MAX,
	UXMC_A_MAX = __UXMC_A_MAX - 1
};

/* Why a notification was sent. */
enum uxmc_module_event {
	UXMC_MODULE_ADDED,
	UXMC_MODULE_CHANGED,
	UXMC_MODULE_REMOVED,
};

enum uxmc_mode {
	UXMC_MODE_APPLICATION,
	UXMC_MODE_DFU,
};

/*
 * States of an update, in their order. Cancelling is harmless, and allowed,
 * before UXMC_STATE_DETACHING.
 */
enum uxmc_state {
	UXMC_STATE_IDLE,
	UXMC_STATE_REQUESTED,
	UXMC_STATE_FETCHING,
	UXMC_STATE_VERIFYING,
	UXMC_STATE_DETACHING,
	UXMC_STATE_DOWNLOADING,
	UXMC_STATE_MANIFESTING,
	UXMC_STATE_REBOOTING,
	UXMC_STATE_DONE,
	UXMC_STATE_FAILED,
};

/*
 * read(2) of /dev/uxmcN gives whole records, one for each change of state (progress
 * within a state is told by netlink). Later drivers may have longer ones, with what is
 * new at their end, and other types: give read(2) 1024 bytes or more, go on from each
 * record to the next by its size, and skip types that you do not know. EINVAL says
 * that not one record fits; EAGAIN, with O_NONBLOCK, that there is none yet; ENODEV,
 * after the last one, that the module is gone, which poll(2) tells as POLLHUP.
 */
enum uxmc_event_type {
	UXMC_EVENT_UPDATE = 1,
};

/**
 * struct uxmc_event - one record from /dev/uxmcN
 * @size: of this record in bytes
 * @type: enum uxmc_event_type
 * @time: CLOCK_BOOTTIME, nanoseconds
 * @sequence: one more for each event of the module. An open file's first record is
 *	the current state, with the number of the last event before it was opened
 * @lost: how many records this open file has lost so far, its oldest ones, because
 *	they were not read in time
 * @state: enum uxmc_state
 * @reserved: 0
 * @done: bytes done in this state
 * @total: bytes in all, 0 if not known
 */
struct uxmc_event {
	__u32 size;
	__u32 type;
	__u64 time;
	__u64 sequence;
	__u64 lost;
	__u32 state;
	__u32 reserved;
	__u64 done;
	__u64 total;
};

#endif /* _UAPI_LINUX_UXMC_H */
