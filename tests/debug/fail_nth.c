// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One system call, in which the kernel's N-th allocation fails (see fail-nth in
 * Documentation/fault-injection/fault-injection.rst). All of the program is in memory
 * by then, so that no page of it has to be read with the fault pending.
 *
 * usage: fail-nth N load FILE PARAMETERS	init_module()
 *        fail-nth N write FILE TEXT		one write()
 *        fail-nth N read FILE		one read()
 *        fail-nth N open FILE		open() and, without a fault, close()
 *        fail-nth N send HEX			a message to generic netlink, and its answer
 *
 * Prints "hit" or "missed", for the fault, and the call's errno, 0 if it went well; of
 * send that of the answer.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ANSWER_SECONDS	10

static int control = -1;
static char armed[16];
static size_t armed_length;
static bool hit;

static void die(const char *what)
{
	(void)fprintf(stderr, "fail-nth: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void prepare(const char *nth)
{
	control = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (control < 0)
		die("/proc/thread-self/fail-nth");
	armed_length = (size_t)snprintf(armed, sizeof(armed), "%s", nth);
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		die("mlockall");
}

static void arm(void)
{
	if (pwrite(control, armed, armed_length, 0) < 0)
		die("arming");
}

/* What is left to count to; nothing once it has struck. */
static void disarm(void)
{
	const int error = errno;
	char left[16] = "";

	if (pread(control, left, sizeof(left) - 1, 0) < 0)
		die("disarming");
	hit = armed[0] != '0' && left[0] == '0';
	if (pwrite(control, "0", 1, 0) < 0)
		die("disarming");
	errno = error;
}

static void *read_file(const char *path, size_t *size)
{
	const int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	char *data;

	if (file < 0 || fstat(file, &status))
		die(path);
	*size = (size_t)status.st_size;
	data = malloc(*size);
	if (!data || read(file, data, *size) != (ssize_t)*size)
		die(path);
	(void)close(file);
	return data;
}

static int load(char **arguments)
{
	size_t size;
	void *image = read_file(arguments[0], &size);
	long ret;

	arm();
	ret = syscall(SYS_init_module, image, size, arguments[1]);
	disarm();
	free(image);
	return ret ? errno : 0;
}

static int write_file(char **arguments)
{
	const size_t length = strlen(arguments[1]);
	const int file = open(arguments[0], O_WRONLY | O_CLOEXEC);
	ssize_t ret;

	if (file < 0)
		die(arguments[0]);
	arm();
	ret = write(file, arguments[1], length);
	disarm();
	return ret < 0 ? errno : 0;
}

static int read_once(char **arguments)
{
	static char buffer[65536];
	const int file = open(arguments[0], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t ret;

	if (file < 0)
		die(arguments[0]);
	arm();
	ret = read(file, buffer, sizeof(buffer));
	disarm();
	return ret < 0 ? errno : 0;
}

static int open_file(char **arguments)
{
	int file;

	arm();
	file = open(arguments[0], O_RDONLY | O_CLOEXEC);
	disarm();
	return file < 0 ? errno : 0;
}

static int answer_of(int netlink)
{
	static char answer[65536];
	const struct nlmsghdr *head = (const void *)answer;
	const struct nlmsgerr *error = NLMSG_DATA(head);
	ssize_t length;

	/* An answer first, where the command has one; the ack comes last. */
	do {
		length = recv(netlink, answer, sizeof(answer), 0);
		if (length < (ssize_t)sizeof(*head))
			return length < 0 ? errno : EBADMSG;
		if (head->nlmsg_type == NLMSG_DONE)
			return 0;
	} while (head->nlmsg_type != NLMSG_ERROR);
	return -error->error;
}

static int send_message(char **arguments)
{
	const int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	const struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	const char *hex = arguments[0];
	char digits[3] = "";
	uint8_t message[8192];
	size_t length;
	ssize_t ret;

	if (netlink < 0 || setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience,
				      sizeof(patience)))
		die("netlink");
	for (length = 0; length < sizeof(message) && hex[2 * length]; length++) {
		memcpy(digits, hex + 2 * length, 2);
		message[length] = (uint8_t)strtoul(digits, NULL, 16);
	}
	arm();
	ret = send(netlink, message, length, 0);
	disarm();
	if (ret < 0)
		return errno;
	/* Where the answer was not to be had, the next receive says so. */
	return answer_of(netlink);
}

static const struct call {
	const char *name;
	int arguments;
	int (*run)(char **arguments);
} calls[] = {
	{ "load", 2, load },
	{ "write", 2, write_file },
	{ "read", 1, read_once },
	{ "open", 1, open_file },
	{ "send", 1, send_message },
	{ NULL, 0, NULL }
};

int main(int argc, char **argv)
{
	const struct call *call;
	int error;

	for (call = calls; call->name; call++) {
		if (argc < 3 || strcmp(argv[2], call->name) != 0 ||
		    argc != 3 + call->arguments)
			continue;
		prepare(argv[1]);
		error = call->run(argv + 3);
		printf("%s %d\n", hit ? "hit" : "missed", error);
		return 0;
	}
	(void)fputs("fail-nth: see the beginning of tests/debug/fail_nth.c\n", stderr);
	return 2;
}
