/* A file system that is slow in the way of a network mount: each lookup and each listing takes a given time, and any number of
 * them can be under way at once. For tests and benchmarks of walkers; needs root and /dev/fuse, and no library.
 *
 *     cc -O2 -o slowfs slowfs.c
 *     slowfs [--delay MS] [--files N | --tree N] MOUNT
 *
 * --delay MS   how long a LOOKUP and a READDIR take, in milliseconds (default 3; fractions are allowed)
 * --files N    the root holds N files (default 700)
 * --tree N     N entries in directories of 20 to 40 each, four levels of them for a few thousand
 *
 * N is at most 9,999,999.
 *
 * Prints "mounted" and the number of entries. Then it reads lines: "hang", answered by "hanging", leaves every request without
 * an answer from then on, and announces the first of them as "hung"; "release" answers them and goes on as before. At end of
 * input and on SIGTERM it unmounts, which gives an error to all that hangs, and prints how many lookups there were and how many
 * requests waited at once at the most.
 *
 * The kernel caches nothing: attributes and names are valid for no time at all, so that every path is looked up again.
 * Attributes, opening and closing are answered at once. Names are d0000000 and f0000000 and so on, numbered within their
 * directory, directories first. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Length of every name. */
enum { NAME = 8 };

/* Children are consecutive, directories first. The root is node 0; the kernel's numbers are one higher. */
struct node {
  unsigned first, directories, files;
  bool is_directory;
};

/* A request that has been read and not answered. `size` and `offset` are those of READDIR, `node` what LOOKUP found. */
struct request {
  long long due;
  unsigned long long unique, offset;
  unsigned node, size;
  int opcode, error;
};

static struct node *nodes;
static unsigned node_count;

/* Every request waits equally long, so that those that wait are a queue. */
static struct request *queue;
static size_t queue_size, queue_head, queue_length, most_at_once;

static int device;
static bool hanging, announced;
static volatile sig_atomic_t ended;
static unsigned long long lookups;

static void die(const char *what) {
  fprintf(stderr, "slowfs: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (!memory) die("out of memory");
  return memory;
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Gives `parent` its children, the next free nodes. */
static void fill(unsigned parent, unsigned directories, unsigned files) {
  nodes[parent] = (struct node){node_count, directories, files, true};
  for (unsigned i = 0; i < directories; i++) nodes[node_count++].is_directory = true;
  node_count += files;
}

/* Level by level: every directory has ten, until there is one for each thirty entries. The last one takes what is left over. */
static void make_tree(unsigned entries) {
  unsigned next = 0, empty = 1 + entries / 30, unborn = entries / 30;
  for (; empty; next++) {
    if (!nodes[next].is_directory) continue;
    unsigned left = entries + 1 - node_count, wanted = 20 + next * 5 % 21;
    if (wanted > left || empty == 1) wanted = left;
    unsigned directories = unborn < 10 ? unborn : 10;
    fill(next, directories, wanted - directories);
    unborn -= directories;
    empty--;
  }
}

static void send_answer(unsigned long long unique, int error, const void *body, size_t length) {
  struct fuse_out_header header = {.len = sizeof header + length, .error = -error, .unique = unique};
  struct iovec parts[] = {{&header, sizeof header}, {(void *)body, length}};
  /* ENOENT: the request was interrupted before the answer. */
  if (writev(device, parts, 2) < 0 && errno != ENOENT) die("answer");
}

static struct fuse_attr attributes(unsigned node) {
  bool is_directory = nodes[node].is_directory;
  struct fuse_attr a = {.ino = node + 1, .mtime = 1, .ctime = 1, .atime = 1, .blksize = 4096};
  a.mode = is_directory ? S_IFDIR | 0755 : S_IFREG | 0644;
  a.nlink = is_directory ? 2 + nodes[node].directories : 1;
  a.size = is_directory ? 0 : node;
  return a;
}

/* The child of that name, or 0. */
static unsigned find_child(unsigned node, const char *name) {
  struct node *parent = &nodes[node];
  char *end;
  unsigned long number = strtoul(name + (*name != 0), &end, 10);
  if (strlen(name) != NAME || *end || (*name != 'd' && *name != 'f')) return 0;
  if (*name == 'd') return number < parent->directories ? parent->first + number : 0;
  return number >= parent->directories && number < parent->directories + parent->files ? parent->first + number : 0;
}

static void list(const struct request *request) {
  char *body = allocate(1, request->size);
  struct node *node = &nodes[request->node];
  size_t length = 0;
  for (unsigned long long i = request->offset; i < node->directories + node->files; i++) {
    unsigned child = node->first + i;
    struct fuse_dirent entry = {.ino = child + 1, .off = i + 1, .namelen = NAME, .type = i < node->directories ? 4 : 8};
    size_t padded = FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + NAME);
    if (length + padded > request->size) break;
    memcpy(body + length, &entry, FUSE_NAME_OFFSET);
    char name[24];
    snprintf(name, sizeof name, "%c%07llu", i < node->directories ? 'd' : 'f', i);
    memcpy(body + length + FUSE_NAME_OFFSET, name, NAME);
    length += padded;
  }
  send_answer(request->unique, 0, body, length);
  free(body);
}

static void answer(const struct request *request) {
  if (request->error) {
    send_answer(request->unique, request->error, NULL, 0);
  } else if (request->opcode == FUSE_LOOKUP) {
    struct fuse_entry_out entry = {.nodeid = request->node + 1, .attr = attributes(request->node)};
    send_answer(request->unique, 0, &entry, sizeof entry);
  } else if (request->opcode == FUSE_GETATTR) {
    struct fuse_attr_out out = {.attr = attributes(request->node)};
    send_answer(request->unique, 0, &out, sizeof out);
  } else if (request->opcode == FUSE_READDIR) {
    list(request);
  } else if (request->opcode == FUSE_OPEN || request->opcode == FUSE_OPENDIR) {
    struct fuse_open_out out = {0};
    send_answer(request->unique, 0, &out, sizeof out);
  } else if (request->opcode == FUSE_STATFS) {
    struct fuse_statfs_out out = {.st = {.bsize = 4096, .namelen = 255}};
    send_answer(request->unique, 0, &out, sizeof out);
  } else {
    send_answer(request->unique, 0, NULL, 0);
  }
}

static void wait_in_queue(struct request request) {
  if (queue_length == queue_size) {
    size_t larger = queue_size ? queue_size * 2 : 1024;
    struct request *moved = allocate(larger, sizeof *moved);
    for (size_t i = 0; i < queue_length; i++) moved[i] = queue[(queue_head + i) % queue_size];
    free(queue);
    queue = moved, queue_size = larger, queue_head = 0;
  }
  queue[(queue_head + queue_length++) % queue_size] = request;
  if (queue_length > most_at_once) most_at_once = queue_length;
}

static void answer_first(void) {
  struct request request = queue[queue_head];
  queue_head = (queue_head + 1) % queue_size;
  queue_length--;
  answer(&request);
}

static void init(unsigned long long unique, const struct fuse_init_in *wanted) {
  struct fuse_init_out out = {.major = 7, .minor = 31, .max_readahead = wanted->max_readahead, .max_write = 65536};
  out.flags = wanted->flags & FUSE_PARALLEL_DIROPS; /* Without it lookups within one directory wait for each other. */
  out.max_background = 64, out.congestion_threshold = 48, out.time_gran = 1;
  send_answer(unique, 0, &out, sizeof out);
}

/* One request from the kernel. */
static void serve(const char *message, long long delay) {
  const struct fuse_in_header *header = (const void *)message;
  const char *body = message + sizeof *header;
  struct request request = {.unique = header->unique, .opcode = header->opcode, .node = header->nodeid - 1};
  bool is_slow = false;
  switch (header->opcode) {
    case FUSE_INIT: init(header->unique, (const void *)body); return;
    case FUSE_FORGET: case FUSE_BATCH_FORGET: case FUSE_INTERRUPT: return; /* These have no answer. */
    case FUSE_LOOKUP:
      request.node = find_child(request.node, body);
      request.error = request.node ? 0 : ENOENT;
      is_slow = true;
      lookups++;
      break;
    case FUSE_READDIR:
      request.offset = ((const struct fuse_read_in *)body)->offset;
      request.size = ((const struct fuse_read_in *)body)->size;
      is_slow = true;
      break;
    case FUSE_GETATTR: case FUSE_OPEN: case FUSE_OPENDIR: case FUSE_STATFS:
    case FUSE_READ: case FUSE_FLUSH: case FUSE_RELEASE: case FUSE_RELEASEDIR: break;
    default: request.error = ENOSYS;
  }
  if (hanging && !announced) {
    announced = true;
    puts("hung");
  }
  if (!is_slow && !hanging) {
    answer(&request);
    return;
  }
  request.due = now() + (is_slow ? delay : 0);
  wait_in_queue(request);
}

/* Lines from standard input; false at its end. */
static bool obey(void) {
  char text[256];
  ssize_t length = read(STDIN_FILENO, text, sizeof text - 1);
  if (length <= 0) return false;
  text[length] = 0;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    if (strcmp(line, "hang") == 0) {
      hanging = true;
      puts("hanging");
    }
    if (strcmp(line, "release") == 0) hanging = announced = false;
  }
  return true;
}

static void end(int signal) { ended = signal; }

static void run(long long delay) {
  static _Alignas(8) char message[1 << 18];
  sigset_t none;
  sigemptyset(&none);
  while (!ended) {
    struct pollfd ready[] = {{.fd = device, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    struct timespec left, *timeout = NULL;
    if (queue_length && !hanging) {
      long long ns = queue[queue_head].due - now();
      left = (struct timespec){.tv_sec = ns > 0 ? ns / 1000000000 : 0, .tv_nsec = ns > 0 ? ns % 1000000000 : 0};
      timeout = &left;
    }
    if (ppoll(ready, 2, timeout, &none) < 0 && errno != EINTR) die("poll");
    if (ready[1].revents && !obey()) return;
    for (;;) {
      ssize_t length = read(device, message, sizeof message);
      if (length > 0) serve(message, delay);
      else if (errno == ENODEV) return; /* Somebody else unmounted it. */
      else if (errno != ENOENT && errno != EINTR) break;
    }
    if (errno != EAGAIN) die("/dev/fuse");
    for (long long time = now(); queue_length && !hanging && queue[queue_head].due <= time;) answer_first();
  }
}

int main(int argc, char **argv) {
  double delay = 3;
  unsigned files = 700, tree = 0;
  const char *path = NULL;
  for (int i = 1; i < argc; i++) {
    if (i + 1 < argc && strcmp(argv[i], "--delay") == 0) delay = atof(argv[++i]);
    else if (i + 1 < argc && strcmp(argv[i], "--files") == 0) files = atoi(argv[++i]);
    else if (i + 1 < argc && strcmp(argv[i], "--tree") == 0) tree = atoi(argv[++i]);
    else if (argv[i][0] != '-' && !path) path = argv[i];
    else path = NULL, i = argc;
  }
  if (!path || files > 9999999 || tree > 9999999) {
    fprintf(stderr, "usage: slowfs [--delay MS] [--files N | --tree N] MOUNT\n");
    return 2;
  }
  nodes = allocate((tree ? tree : files) + 1UL, sizeof *nodes);
  nodes[0].is_directory = true;
  node_count = 1;
  if (tree) make_tree(tree);
  else fill(0, 0, files);

  /* Signals arrive while it polls, and at no other time. */
  const int ending[] = {SIGTERM, SIGINT, SIGHUP};
  sigset_t blocked;
  sigemptyset(&blocked);
  for (int i = 0; i < 3; i++) {
    sigaddset(&blocked, ending[i]);
    signal(ending[i], end);
  }
  sigprocmask(SIG_BLOCK, &blocked, NULL);

  prctl(PR_SET_TIMERSLACK, 1UL);
  setvbuf(stdout, NULL, _IOLBF, 0);
  device = open("/dev/fuse", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) die("/dev/fuse");
  char options[128];
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
  if (mount("aether-slow", path, "fuse", MS_NOSUID | MS_NODEV, options) != 0) die(path);
  printf("mounted %u\n", node_count - 1);
  run(delay * 1e6);
  umount2(path, MNT_DETACH);
  close(device);
  printf("lookups %llu at-once %zu\n", lookups, most_at_once);
  return 0;
}
