/* steps COMMAND... : runs a command and prints, on standard error, how many instructions of its own the first of its
 * threads that lists a directory takes from there to its end: "steps: N". What the kernel does for it is one each.
 *
 * It is stepped through, one instruction after the other, on any machine with Linux 5.3: no counter of the processor
 * is needed, and no emulation that knows fewer system calls than the kernel. All other threads but the first stand
 * still meanwhile: a clock that goes a thousand times too fast for the one that is stepped would have them interfere.
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
    int stands; /* to be left standing */
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

/* A thread may be gone by now. */
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
    /* To change over from one process to the other on one processor takes half as long as across two. */
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
