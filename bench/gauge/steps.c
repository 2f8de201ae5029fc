/* steps COMMAND... : runs a command and prints, on standard error, how many user instructions the first of its threads
 * that lists a directory executes from there to its end: "steps: N". A system call counts as one.
 *
 * The thread is single-stepped, which works on any machine with Linux 5.3 or newer: it needs no performance counters, and
 * no emulator that supports fewer system calls than the kernel. All other threads except the first are stopped: for the
 * stepped one the clock runs a thousand times too fast, so they would interfere.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 4096 };

static struct {
    pid_t id;
    int stands; /* stays stopped */
} threads[MOST];
static int count;

static void fail(const char *what)
{
    fprintf(stderr, "steps: %s: %s\n", what, strerror(errno));
    exit(125);
}

static int slot(pid_t id)
{
    for (int i = 0; i < count; i++)
        if (threads[i].id == id)
            return i;
    if (count == MOST) {
        fprintf(stderr, "steps: too many threads\n");
        exit(125);
    }
    threads[count].id = id;
    threads[count].stands = 0;
    return count++;
}

/* The thread may have ended. */
static void go_on(int how, pid_t id, int signal)
{
    if (ptrace(how, id, NULL, (void *)(long)signal) != 0 && errno != ESRCH)
        fail("ptrace");
}

static int lists(pid_t id)
{
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, id, sizeof info, &info) <= 0)
        fail("PTRACE_GET_SYSCALL_INFO");
    return info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_getdents64;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "Usage: steps COMMAND...\n");
        return 2;
    }
    /* Switching between two processes takes half as long on one processor as across two. */
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) != 0)
        fail("pipe");
    pid_t first = fork();
    if (first < 0)
        fail("fork");
    if (first == 0) {
        char byte;
        personality(ADDR_NO_RANDOMIZE);
        close(gate[1]);
        if (read(gate[0], &byte, 1) < 0)
            _exit(126);
        execvp(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SEIZE, first, NULL, options) != 0)
        fail("PTRACE_SEIZE");
    slot(first);
    close(gate[1]);

    pid_t walker = 0;
    unsigned long long steps = 0;
    int result = 125;
    for (;;) {
        int status;
        pid_t id = waitpid(-1, &status, __WALL);
        if (id < 0) {
            if (errno == ECHILD)
                break;
            if (errno == EINTR)
                continue;
            fail("waitpid");
        }
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (id == first)
                result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }
        int signal = WSTOPSIG(status), event = status >> 16, at = slot(id);
        if (id == walker) {
            if (event == 0 && signal == SIGTRAP) {
                steps++;
                signal = 0;
            }
            go_on(PTRACE_SINGLESTEP, id, event || signal == (SIGTRAP | 0x80) ? 0 : signal);
        } else if (walker == 0 && signal == (SIGTRAP | 0x80) && lists(id)) {
            walker = id;
            for (int i = 0; i < count; i++) {
                threads[i].stands = threads[i].id != first && threads[i].id != walker;
                if (threads[i].stands)
                    ptrace(PTRACE_INTERRUPT, threads[i].id, NULL, NULL);
            }
            go_on(PTRACE_SINGLESTEP, id, 0);
        } else if (!threads[at].stands) {
            int delivered = event || signal == (SIGTRAP | 0x80) ? 0 : signal;
            go_on(walker == 0 ? PTRACE_SYSCALL : PTRACE_CONT, id, delivered);
        }
    }
    if (walker == 0) {
        fprintf(stderr, "steps: nothing was listed\n");
        return 125;
    }
    fprintf(stderr, "steps: %llu\n", steps);
    return result;
}
