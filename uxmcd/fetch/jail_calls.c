// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/net.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "filters.h"
#include "jail_calls.h"
#include "log.h"
#include "text.h"

#define RULES_MAX	4	/* arguments that are looked at in a rule */

/*
 * By name, since the numbers differ between architectures, and so do the calls
 * that there are: a 32-bit one has several of what a 64-bit one has one of.
 */
static const char * const allowed[] = {
	/* what has been opened */
	"read", "readv", "pread64", "write", "writev", "lseek", "_llseek",
	"close", "poll", "ppoll", "ppoll_time64", "select", "_newselect",
	"pselect6", "pselect6_time64",
	/* files, without changing any */
	"stat", "stat64", "lstat", "lstat64", "fstat", "fstat64", "newfstatat",
	"fstatat64", "statx", "access", "faccessat", "faccessat2", "getdents64",
	/* memory; what may be executed is below */
	"brk", "munmap", "mremap", "madvise",
	/* threads */
	"futex", "futex_time64", "set_robust_list", "rseq", "set_tid_address",
	"gettid", "getpid", "sched_yield", "sched_getaffinity", "exit",
	"exit_group", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
	"sigreturn", "restart_syscall",
	/* time, chance, and who this is */
	"clock_gettime", "clock_gettime64", "clock_getres",
	"clock_getres_time64", "gettimeofday", "time", "nanosleep",
	"clock_nanosleep", "clock_nanosleep_time64", "getrandom", "uname",
	"sysinfo", "getuid", "getuid32", "geteuid", "geteuid32", "getgid",
	"getgid32", "getegid", "getegid32", "getrlimit", "ugetrlimit",
	/* sockets; which ones may be made is below */
	"connect", "send", "sendto", "sendmsg", "sendmmsg", "recv", "recvfrom",
	"recvmsg", "recvmmsg", "recvmmsg_time64", "shutdown", "getsockname",
	"getpeername", "getsockopt",
	/* what wakes up a thread */
	"pipe", "pipe2", "eventfd2",
#ifndef __GLIBC__
	/* musl's resolver gives its socket an address of its own. */
	"bind",
#endif
};

/* Nothing here has an honest use for them: who calls them is not uxmc-fetch. */
static const char * const deadly[] = {
	"execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv",
	"process_vm_writev", "process_madvise", "pidfd_open", "pidfd_getfd",
	"pidfd_send_signal", "mount", "umount", "umount2", "move_mount",
	"open_tree", "fsopen", "fsmount", "fspick", "mount_setattr",
	"pivot_root", "chroot", "unshare", "setns", "bpf", "perf_event_open",
	"io_uring_setup", "io_uring_enter", "io_uring_register", "add_key",
	"request_key", "keyctl", "userfaultfd", "init_module", "finit_module",
	"delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon",
	"swapoff", "acct", "quotactl", "iopl", "ioperm",
};

/* The C library does without them, if it hears that the kernel has not got them. */
static const char * const missing[] = { "clone3", "openat2" };

#define NAMESPACES	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
			 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define WRITES		(O_ACCMODE | O_CREAT | O_TRUNC)
#define TYPES		0xf	/* of a socket, without flags: linux/net.h */

#define ARGUMENT(n, mask, value) \
	{ (n), SCMP_CMP_MASKED_EQ, (mask), (value) }
#define IS(n, value)	{ (n), SCMP_CMP_EQ, (value), 0 }

/* Allowed only with arguments that all fit one of the rules of that name. */
static const struct rule {
	const char *name;
	unsigned int count;
	struct scmp_arg_cmp arguments[RULES_MAX];
} rules[] = {
	{ "open", 1, { ARGUMENT(1, WRITES, O_RDONLY) } },
	{ "openat", 1, { ARGUMENT(2, WRITES, O_RDONLY) } },
	/* threads, but no process */
	{ "clone", 1, { ARGUMENT(0, CLONE_THREAD | NAMESPACES, CLONE_THREAD) } },
	/* what can be written can not be executed */
	{ "mmap", 1, { ARGUMENT(2, PROT_EXEC, 0) } },
	{ "mmap", 1, { ARGUMENT(2, PROT_WRITE | PROT_EXEC, PROT_EXEC) } },
	{ "mmap2", 1, { ARGUMENT(2, PROT_EXEC, 0) } },
	{ "mmap2", 1, { ARGUMENT(2, PROT_WRITE | PROT_EXEC, PROT_EXEC) } },
	{ "mprotect", 1, { ARGUMENT(2, PROT_EXEC, 0) } },
	/* TCP and UDP, nothing else */
	{ "socket", 3, { IS(0, AF_INET), ARGUMENT(1, TYPES, SOCK_STREAM),
			 IS(2, IPPROTO_IP) } },
	{ "socket", 3, { IS(0, AF_INET), ARGUMENT(1, TYPES, SOCK_STREAM),
			 IS(2, IPPROTO_TCP) } },
	{ "socket", 3, { IS(0, AF_INET), ARGUMENT(1, TYPES, SOCK_DGRAM),
			 IS(2, IPPROTO_IP) } },
	{ "socket", 3, { IS(0, AF_INET), ARGUMENT(1, TYPES, SOCK_DGRAM),
			 IS(2, IPPROTO_UDP) } },
	{ "socket", 3, { IS(0, AF_INET6), ARGUMENT(1, TYPES, SOCK_STREAM),
			 IS(2, IPPROTO_IP) } },
	{ "socket", 3, { IS(0, AF_INET6), ARGUMENT(1, TYPES, SOCK_STREAM),
			 IS(2, IPPROTO_TCP) } },
	{ "socket", 3, { IS(0, AF_INET6), ARGUMENT(1, TYPES, SOCK_DGRAM),
			 IS(2, IPPROTO_IP) } },
	{ "socket", 3, { IS(0, AF_INET6), ARGUMENT(1, TYPES, SOCK_DGRAM),
			 IS(2, IPPROTO_UDP) } },
	/* A pair is between threads; one of streams cannot be sent elsewhere. */
	{ "socketpair", 2, { IS(0, AF_UNIX), ARGUMENT(1, TYPES, SOCK_STREAM) } },
#ifdef SYS_socketcall
	/*
	 * Old architectures, i386 among them but not ARM, have one call for all of
	 * these. Its arguments are in memory, where no filter sees them.
	 */
	{ "socketcall", 1, { IS(0, SYS_SOCKET) } },
	{ "socketcall", 1, { IS(0, SYS_SOCKETPAIR) } },
	{ "socketcall", 1, { IS(0, SYS_SETSOCKOPT) } },
#endif
	{ "setsockopt", 1, { IS(1, SOL_SOCKET) } },
	{ "setsockopt", 1, { IS(1, IPPROTO_IP) } },
	{ "setsockopt", 1, { IS(1, IPPROTO_TCP) } },
	{ "setsockopt", 1, { IS(1, IPPROTO_IPV6) } },
	{ "ioctl", 1, { IS(1, FIONREAD) } },
	{ "ioctl", 1, { IS(1, FIONBIO) } },
	/* without F_SETOWN, which has signals sent to others */
	{ "fcntl", 1, { IS(1, F_GETFD) } },
	{ "fcntl", 1, { IS(1, F_SETFD) } },
	{ "fcntl", 1, { IS(1, F_GETFL) } },
	{ "fcntl", 1, { IS(1, F_SETFL) } },
	{ "fcntl64", 1, { IS(1, F_GETFD) } },
	{ "fcntl64", 1, { IS(1, F_SETFD) } },
	{ "fcntl64", 1, { IS(1, F_GETFL) } },
	{ "fcntl64", 1, { IS(1, F_SETFL) } },
	/* limits are read, not set, and one's own */
	{ "prlimit64", 2, { IS(0, 0), IS(2, 0) } },
};

/* What libseccomp does not know by name, or the architecture has not, is refused. */
static int add(scmp_filter_ctx filter, const struct rule *rule,
	       uint32_t action)
{
	int call = seccomp_syscall_resolve_name(rule->name);
	int ret;

	if (call == __NR_SCMP_ERROR)
		return 0;
	ret = seccomp_rule_add_array(filter, action, call, rule->count,
				     rule->arguments);
	return ret == -EDOM ? 0 : ret;
}

static int add_names(scmp_filter_ctx filter, const char * const *names,
		     size_t count, uint32_t action)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < count; i++) {
		struct rule rule = { .name = names[i] };

		ret = add(filter, &rule, action);
	}
	return ret;
}

static int add_rules(scmp_filter_ctx filter)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(rules); i++)
		ret = add(filter, &rules[i], SCMP_ACT_ALLOW);
	return ret;
}

static int fill(scmp_filter_ctx filter)
{
	int ret;

	ret = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
			       SCMP_ACT_KILL_PROCESS);
	if (!ret)
		ret = add_names(filter, allowed, ARRAY_SIZE(allowed),
				SCMP_ACT_ALLOW);
	if (!ret)
		ret = add_rules(filter);
	if (!ret)
		ret = add_names(filter, deadly, ARRAY_SIZE(deadly),
				SCMP_ACT_KILL_PROCESS);
	if (!ret)
		ret = add_names(filter, missing, ARRAY_SIZE(missing),
				SCMP_ACT_ERRNO(ENOSYS));
	return ret;
}

int jail_calls(void)
{
	scmp_filter_ctx filter;
	int ret;

	if (!filters_are_there()) {
		log_warning("this kernel has no filters of system calls: all of them are allowed");
		return 0;
	}
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return -ENOMEM;
	ret = fill(filter);
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}
