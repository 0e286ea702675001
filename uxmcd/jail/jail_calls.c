// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "filters.h"
#include "jail_calls.h"
#include "log.h"

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
	/* sockets; which ones may be made is the program's affair */
	"connect", "send", "sendto", "sendmsg", "sendmmsg", "recv", "recvfrom",
	"recvmsg", "recvmmsg", "recvmmsg_time64", "shutdown", "getsockname",
	"getpeername", "getsockopt",
	/* what wakes up a thread */
	"pipe", "pipe2", "eventfd2",
	NULL
};

/* Nothing here has an honest use for them: who calls them is not the program. */
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
	NULL
};

/* The C library does without them, if it hears that the kernel has not got them. */
static const char * const missing[] = { "clone3", "openat2", NULL };

#define NAMESPACES	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
			 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define WRITES		(O_ACCMODE | O_CREAT | O_TRUNC)

static const struct jail_rule rules[] = {
	{ "open", 1, { JAIL_MASKED(1, WRITES, O_RDONLY) } },
	{ "openat", 1, { JAIL_MASKED(2, WRITES, O_RDONLY) } },
	/* threads, but no process */
	{ "clone", 1, { JAIL_MASKED(0, CLONE_THREAD | NAMESPACES, CLONE_THREAD) } },
	/* what can be written can not be executed */
	{ "mmap", 1, { JAIL_MASKED(2, PROT_EXEC, 0) } },
	{ "mmap", 1, { JAIL_MASKED(2, PROT_WRITE | PROT_EXEC, PROT_EXEC) } },
	{ "mmap2", 1, { JAIL_MASKED(2, PROT_EXEC, 0) } },
	{ "mmap2", 1, { JAIL_MASKED(2, PROT_WRITE | PROT_EXEC, PROT_EXEC) } },
	{ "mprotect", 1, { JAIL_MASKED(2, PROT_EXEC, 0) } },
	{ "ioctl", 1, { JAIL_IS(1, FIONREAD) } },
	{ "ioctl", 1, { JAIL_IS(1, FIONBIO) } },
	/* without F_SETOWN, which has signals sent to others */
	{ "fcntl", 1, { JAIL_IS(1, F_GETFD) } },
	{ "fcntl", 1, { JAIL_IS(1, F_SETFD) } },
	{ "fcntl", 1, { JAIL_IS(1, F_GETFL) } },
	{ "fcntl", 1, { JAIL_IS(1, F_SETFL) } },
	{ "fcntl64", 1, { JAIL_IS(1, F_GETFD) } },
	{ "fcntl64", 1, { JAIL_IS(1, F_SETFD) } },
	{ "fcntl64", 1, { JAIL_IS(1, F_GETFL) } },
	{ "fcntl64", 1, { JAIL_IS(1, F_SETFL) } },
	/* limits are read, not set, and one's own */
	{ "prlimit64", 2, { JAIL_IS(0, 0), JAIL_IS(2, 0) } },
	{ 0 }
};

/* What libseccomp does not know by name, or the architecture has not, is refused. */
static int add(scmp_filter_ctx filter, const struct jail_rule *rule,
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
		     uint32_t action)
{
	int ret = 0;

	for (; !ret && *names; names++) {
		struct jail_rule rule = { .name = *names };

		ret = add(filter, &rule, action);
	}
	return ret;
}

static int add_rules(scmp_filter_ctx filter, const struct jail_rule *rule)
{
	int ret = 0;

	for (; !ret && rule->name; rule++)
		ret = add(filter, rule, SCMP_ACT_ALLOW);
	return ret;
}

static int allow(scmp_filter_ctx filter, const char * const *names,
		 const struct jail_rule *of_names)
{
	int ret = add_names(filter, names, SCMP_ACT_ALLOW);

	return ret ? ret : add_rules(filter, of_names);
}

static int fill(scmp_filter_ctx filter, const struct jail_calls *calls)
{
	int ret;

	ret = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
			       SCMP_ACT_KILL_PROCESS);
	if (!ret)
		ret = allow(filter, allowed, rules);
	if (!ret)
		ret = allow(filter, calls->names, calls->rules);
	if (!ret)
		ret = add_names(filter, deadly, SCMP_ACT_KILL_PROCESS);
	if (!ret)
		ret = add_names(filter, missing, SCMP_ACT_ERRNO(ENOSYS));
	return ret;
}

int jail_calls(const struct jail_calls *calls)
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
	ret = fill(filter, calls);
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}
