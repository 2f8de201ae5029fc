/* Runs one command and reports what it used: gauge REPORT COMMAND [ARGUMENT...]
 *
 * A separate program, because the kernel counts a forking process's memory towards the peak of the program that it then executes:
 * measured from a large process, small programs look large. It waits for all descendants, even orphaned ones, so that processor
 * time and bytes read are those of the whole family; peak memory is that of its largest process.
 * Writes one line of name=value pairs to the file REPORT, and exits with the command's status. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long us(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: gauge REPORT COMMAND [ARGUMENT...]\n");
    return 2;
  }
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    perror("gauge: prctl");
    return 125;
  }
  long long begun = now(), ended = begun, user = 0, system = 0, read = 0, peak = 0;
  pid_t child = fork();
  if (child < 0) {
    perror("gauge: fork");
    return 125;
  }
  if (child == 0) {
    execvp(argv[2], argv + 2);
    fprintf(stderr, "gauge: ");
    perror(argv[2]);
    _exit(127);
  }
  int status = 0;
  for (;;) {
    struct rusage used;
    int how;
    pid_t pid = wait4(-1, &how, 0, &used);
    if (pid < 0) {
      if (errno == EINTR) continue;
      break;
    }
    if (pid == child) {
      ended = now();
      status = how;
    }
    user += us(used.ru_utime);
    system += us(used.ru_stime);
    read += used.ru_inblock * 512LL;
    if (used.ru_maxrss > peak) peak = used.ru_maxrss;
  }
  FILE *report = fopen(argv[1], "w");
  if (!report) {
    perror(argv[1]);
    return 125;
  }
  fprintf(report, "wall_ns=%lld user_us=%lld system_us=%lld peak_kb=%lld read_bytes=%lld\n", ended - begun, user, system, peak, read);
  if (fclose(report) != 0) return 125;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
