// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetchproc.h"
#include "log.h"
#include "text.h"

#define SOCKET_TYPE	(SOCK_SEQPACKET | SOCK_CLOEXEC)

/* What was killed and has not been reaped, 0: nothing. Half is for those that run. */
#define ENDING_MAX	8
static pid_t ending[ENDING_MAX];

static int connect_to(struct fetchproc *proc, const char *path, char *sentence,
		      size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int ret;

	text_copy(address.sun_path, sizeof(address.sun_path), path);
	proc->socket = socket(AF_UNIX, SOCKET_TYPE | SOCK_NONBLOCK, 0);
	if (proc->socket >= 0 &&
	    !connect(proc->socket, (struct sockaddr *)&address, sizeof(address)))
		return 0;
	ret = -errno;
	text_format(sentence, size, "uxmc-fetch cannot be reached at %s: %s",
		    path, strerror(-ret));
	fetchproc_end(proc);
	return ret;
}

/* What the child becomes. It shares nothing with uxmcd but the socket and the log. */
static int become(const struct passwd *user, int socket)
{
	sigset_t none;

	sigemptyset(&none);
	if (dup2(socket, STDIN_FILENO) < 0 || chdir("/") ||
	    setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid) ||
	    sigprocmask(SIG_SETMASK, &none, NULL))
		return -errno;
	signal(SIGPIPE, SIG_DFL);
	/* If uxmcd is killed, nobody is left to watch over it. */
	return prctl(PR_SET_PDEATHSIG, SIGKILL) ? -errno : 0;
}

static void run(const struct config *config, const struct passwd *user,
		int socket)
{
	const char *program = config->fetch_program;

	if (!become(user, socket))
		execl(program, program, NULL);
	log_error("%s cannot be run as %s: %s", program, user->pw_name,
		  strerror(errno));
	_exit(127);
}

static int spawn_as(struct fetchproc *proc, const struct config *config,
		    const struct passwd *user)
{
	int ends[2], ret = 0;

	if (socketpair(AF_UNIX, SOCKET_TYPE, 0, ends))
		return -errno;
	proc->pid = fork();
	if (proc->pid < 0)
		ret = -errno;
	if (!proc->pid)
		run(config, user, ends[1]);
	close(ends[1]);
	proc->socket = ends[0];
	return ret;
}

/* Whoever it is, it is not uxmcd, and nobody who could become uxmcd. */
static const struct passwd *find_user(const struct config *config,
				      char *sentence, size_t size)
{
	const struct passwd *user;

	if (geteuid()) {
		text_format(sentence, size,
			    "uxmcd is not root, so it cannot start uxmc-fetch as another user: see --fetch-socket in uxmcd(8)");
		return NULL;
	}
	user = getpwnam(config->fetch_user);
	if (!user)
		text_format(sentence, size,
			    "there is no user %s for uxmc-fetch: make it, or name another as fetch_user in uxmcd.conf",
			    config->fetch_user);
	else if (!user->pw_uid)
		text_format(sentence, size,
			    "%s is root, which uxmc-fetch may not be: name another as fetch_user in uxmcd.conf",
			    config->fetch_user);
	return user && user->pw_uid ? user : NULL;
}

static size_t count_ending(void)
{
	size_t i, count = 0;

	for (i = 0; i < ENDING_MAX; i++)
		count += !!ending[i];
	return count;
}

static int spawn(struct fetchproc *proc, const struct config *config,
		 char *sentence, size_t size)
{
	const struct passwd *user = find_user(config, sentence, size);
	int ret;

	if (!user)
		return -EPERM;
	if (count_ending() >= ENDING_MAX / 2) {
		text_format(sentence, size,
			    "several uxmc-fetch were killed, and do not end");
		return -EAGAIN;
	}
	if (access(config->fetch_program, X_OK)) {
		ret = -errno;
		text_format(sentence, size, "%s cannot be run: %s",
			    config->fetch_program, strerror(-ret));
		return ret;
	}
	ret = spawn_as(proc, config, user);
	if (!ret)
		return 0;
	text_format(sentence, size, "uxmc-fetch cannot be started: %s",
		    strerror(-ret));
	fetchproc_end(proc);
	return ret;
}

int fetchproc_start(struct fetchproc *proc, const struct config *config,
		    char *sentence, size_t size)
{
	*proc = (struct fetchproc){ .socket = -1 };
	if (config->fetch_socket)
		return connect_to(proc, config->fetch_socket, sentence, size);
	return spawn(proc, config, sentence, size);
}

/* That uxmcd wants no more of it, or has killed it, is nothing to speak of. */
static void say_how(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		log_warning("uxmc-fetch was ended by signal %d: %s",
			    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WIFEXITED(status) && WEXITSTATUS(status) > 1)
		log_warning("uxmc-fetch ended with status %d",
			    WEXITSTATUS(status));
}

static void reap(pid_t *pid)
{
	int status;

	if (waitpid(*pid, &status, WNOHANG) != *pid)
		return;
	*pid = 0;
	say_how(status);
}

void fetchproc_reap(void)
{
	size_t i;

	for (i = 0; i < ENDING_MAX; i++)
		if (ending[i])
			reap(&ending[i]);
}

/* Until it is reaped its number is nobody else's. */
static void kill_child(pid_t pid)
{
	pid_t *place = ending;

	while (*place)
		place++;
	kill(pid, SIGKILL);
	*place = pid;
	reap(place);
}

void fetchproc_end(struct fetchproc *proc)
{
	if (proc->socket >= 0)
		close(proc->socket);
	if (proc->pid > 0)
		kill_child(proc->pid);
	*proc = (struct fetchproc){ .socket = -1 };
}
