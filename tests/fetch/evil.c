// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uxmc-fetch in the hands of somebody else: in place of serving the request it does
 * one thing that it must not be able to do, and says how that went. The request's
 * URL ends in the name of the attempt, its User-Agent is what it is made on.
 *
 * END is "failed", with the errno, if it was refused, and "broken" if it was not.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve.h"
#include "text.h"

/* Both give 0 if it went well: what was asked of the kernel gives -1 and errno. */
static int closed(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int write_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	if (fd < 0 || write(fd, "evil", 4) != 4)
		return -1;
	return close(fd);
}

static int append_file(const char *path)
{
	return closed(open(path, O_RDWR | O_APPEND));
}

/* Without the C library, which adds flags of its own */
static int write_file_raw(const char *path)
{
	return closed((int)syscall(SYS_openat, AT_FDCWD, path,
				   O_WRONLY | O_CREAT | O_TRUNC, 0600));
}

static int write_unnamed_file(const char *path)
{
	return closed(open(path, O_TMPFILE | O_RDWR, 0600));
}

static int read_file(const char *path)
{
	return closed(open(path, O_RDONLY));
}

static int link_file(const char *path)
{
	return symlink("/etc/passwd", path);
}

static int remove_file(const char *path)
{
	return unlink(path);
}

static int rename_file(const char *path)
{
	return rename(path, "/tmp/uxmc-fetch-evil");
}

static int make_directory(const char *path)
{
	return mkdir(path, 0700);
}

static int make_fifo(const char *path)
{
	return mknod(path, S_IFIFO | 0600, 0);
}

static int change_mode(const char *path)
{
	return chmod(path, 0666);
}

static int open_netlink(const char *unused)
{
	(void)unused;
	return closed(socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC));
}

static int open_unix(const char *unused)
{
	(void)unused;
	return closed(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int open_packet(const char *unused)
{
	(void)unused;
	return closed(socket(AF_PACKET, SOCK_RAW, 0));
}

static int open_raw(const char *unused)
{
	(void)unused;
	return closed(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int open_ping(const char *unused)
{
	(void)unused;
	return closed(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
}

/* One of a pair of datagram sockets could be connected to others. */
static int pair_datagrams(const char *unused)
{
	int pair[2];

	(void)unused;
	return socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
}

/* What can be had of AF_UNIX: a pair, and uxmcd's own socket */
static int connect_to(int fd, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	text_copy(address.sun_path, sizeof(address.sun_path), path);
	return connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static int connect_pair(const char *path)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return -1;
	return connect_to(pair[0], path);
}

static int connect_input(const char *path)
{
	return connect_to(STDIN_FILENO, path);
}

static int listen_tcp(const char *unused)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)unused;
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return listen(fd, 1);
}

static int end_init(const char *unused)
{
	(void)unused;
	return kill(1, 0);
}

static pid_t process(const char *number)
{
	return (pid_t)strtol(number, NULL, 10);
}

static int end_parent(const char *parent)
{
	return kill(process(parent), 0);
}

/* The kernel sends a signal to whom a socket's owner is. */
static int signal_parent(const char *parent)
{
	return fcntl(STDIN_FILENO, F_SETOWN, process(parent));
}

static int trace_parent(const char *parent)
{
	return (int)ptrace(PTRACE_SEIZE, process(parent), NULL, NULL);
}

static int read_memory(const char *parent)
{
	return (int)syscall(SYS_process_vm_readv, process(parent), NULL, 0UL, NULL,
			    0UL, 0UL);
}

static int make_process(const char *unused)
{
	pid_t child = fork();

	(void)unused;
	if (!child)
		_exit(0);
	return child < 0 ? -1 : 0;
}

static int make_process_raw(const char *unused)
{
	long child = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	(void)unused;
	if (!child)
		_exit(0);
	return child < 0 ? -1 : 0;
}

static int make_namespace(const char *unused)
{
	(void)unused;
	return unshare(CLONE_NEWUSER);
}

static int run_program(const char *path)
{
	return execl(path, path, NULL);
}

static int mount_something(const char *path)
{
	return mount("none", path, "tmpfs", 0, NULL);
}

static int become_root(const char *unused)
{
	(void)unused;
	return setuid(0);
}

static int load_bpf(const char *unused)
{
	char attributes[128] = "";

	(void)unused;
	return (int)syscall(SYS_bpf, 0, attributes, sizeof(attributes));
}

static int open_ring(const char *unused)
{
	char parameters[256] = "";

	(void)unused;
	return closed((int)syscall(SYS_io_uring_setup, 1U, parameters));
}

static int use_keys(const char *unused)
{
	(void)unused;
	return (int)syscall(SYS_keyctl, 0, 0, 0);
}

static int run_data(const char *unused)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	return page == MAP_FAILED ? -1 : 0;
}

static int make_executable(const char *unused)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static int lift_limit(const char *unused)
{
	static const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

	(void)unused;
	return setrlimit(RLIMIT_CPU, &none);
}

static int read_terminal(const char *unused)
{
	char c = 'x';

	(void)unused;
	return ioctl(STDIN_FILENO, TIOCSTI, &c);
}

static int map_memory(int how)
{
	void *memory = mmap(NULL, 256UL << 20, PROT_READ | PROT_WRITE,
			    how | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? -1 : 0;
}

static int take_memory(const char *unused)
{
	(void)unused;
	return map_memory(MAP_PRIVATE);
}

static int take_shared_memory(const char *unused)
{
	(void)unused;
	return map_memory(MAP_SHARED);
}

static int take_descriptors(const char *unused)
{
	int count;

	(void)unused;
	for (count = 0; count < 64; count++)
		if (socket(AF_INET, SOCK_DGRAM, 0) < 0)
			return -1;
	return 0;
}

/* Until it is ended; being told so once is not enough. */
static int take_time(const char *unused)
{
	(void)unused;
	signal(SIGXCPU, SIG_IGN);
	while (getuid())
		continue;
	return 0;
}

static const struct attempt {
	const char *name;
	int (*make)(const char *on);
} attempts[] = {
	{ "write-file", write_file },
	{ "append-file", append_file },
	{ "write-file-raw", write_file_raw },
	{ "write-unnamed-file", write_unnamed_file },
	{ "read-file", read_file },
	{ "link-file", link_file },
	{ "remove-file", remove_file },
	{ "rename-file", rename_file },
	{ "make-directory", make_directory },
	{ "make-fifo", make_fifo },
	{ "change-mode", change_mode },
	{ "open-netlink", open_netlink },
	{ "open-unix", open_unix },
	{ "open-packet", open_packet },
	{ "open-raw", open_raw },
	{ "open-ping", open_ping },
	{ "pair-datagrams", pair_datagrams },
	{ "connect-pair", connect_pair },
	{ "connect-input", connect_input },
	{ "listen-tcp", listen_tcp },
	{ "end-init", end_init },
	{ "end-parent", end_parent },
	{ "signal-parent", signal_parent },
	{ "trace-parent", trace_parent },
	{ "read-memory", read_memory },
	{ "make-process", make_process },
	{ "make-process-raw", make_process_raw },
	{ "make-namespace", make_namespace },
	{ "run-program", run_program },
	{ "mount-something", mount_something },
	{ "become-root", become_root },
	{ "load-bpf", load_bpf },
	{ "open-ring", open_ring },
	{ "use-keys", use_keys },
	{ "run-data", run_data },
	{ "make-executable", make_executable },
	{ "lift-limit", lift_limit },
	{ "read-terminal", read_terminal },
	{ "take-memory", take_memory },
	{ "take-shared-memory", take_shared_memory },
	{ "take-descriptors", take_descriptors },
	{ "take-time", take_time },
};

static const struct attempt *find(const char *url)
{
	const char *name = strrchr(url, '/') + 1;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attempts); i++)
		if (!strcmp(attempts[i].name, name))
			return &attempts[i];
	return NULL;
}

int serve(struct wire *wire, const struct fetchwire_request *request)
{
	const struct attempt *attempt = find(request->url);
	struct verdict verdict = { .result = VERDICT_RUNNING };

	if (!attempt)
		verdict_note(&verdict, VERDICT_BROKEN, EINVAL, "there is no such attempt");
	else if (attempt->make(request->user_agent))
		verdict_note(&verdict, VERDICT_FAILED, errno, "refused: %s",
			     strerror(errno));
	else
		verdict_note(&verdict, VERDICT_BROKEN, EPERM, "it could do that");
	return wire_end(wire, &verdict, 0, false);
}
