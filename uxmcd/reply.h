/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uxmcd and uxmcctl say to each other on the control socket.
 *
 * One packet is one message. A request is a verb, a blank and the argument, which
 * may hold blanks itself:
 *
 *	update URL	update the module from there
 *	file PATH	the same from a file, whose descriptor comes with the packet
 *	cancel		cancel the update
 *	get NAME	the value of a setting
 *	set NAME VALUE	change it
 *	clear NAME	clear it
 *	settings	all settings
 *
 * An answer is a number, a word and a sentence: "0 accepted uxmc0". The number is
 * one of those below, and the exit status of uxmcctl; the word is for scripts. An
 * accepted update has a second answer, when it has ended. A list of entries is a
 * packet each, "0 entry" and the fields with tabs between them, and then "0 done"
 * with how many there were. Those of a setting are its name, its value, where that
 * comes from (default, config, setting_server, firmware_status, user, update), and
 * its permission.
 */
#ifndef UXMC_REPLY_H
#define UXMC_REPLY_H

enum reply {
	REPLY_OK		= 0,
	REPLY_FAILED		= 1,
	REPLY_USAGE		= 2,
	REPLY_NO_DRIVER		= 3,
	REPLY_NO_MODULE		= 4,
	REPLY_REFUSED		= 5,
	REPLY_BUSY		= 6,
	REPLY_NO_DAEMON		= 7,
	REPLY_CANCELLED		= 8,
	REPLY_NO_PERMISSION	= 9,
	REPLY_TOO_LATE		= 10,
};

/* A whole packet of either kind. */
#define REPLY_PACKET_MAX	4096

#endif
