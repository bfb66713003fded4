/* The two methods of the interop service that pass file descriptors, served by sd-bus to one peer. */

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

static void must(const char *what, int r) {
  if (r < 0) {
    fprintf(stderr, "%s: %s\n", what, strerror(-r));
    exit(1);
  }
}

static int open_pipe(sd_bus_message *call, void *data, sd_bus_error *error) {
  const char *text;
  int ends[2], r;

  must("OpenPipe", sd_bus_message_read(call, "s", &text));
  must("pipe", pipe(ends));
  if (write(ends[1], text, strlen(text)) < 0)
    return -1;
  close(ends[1]);
  r = sd_bus_reply_method_return(call, "h", ends[0]);
  close(ends[0]);
  return r;
}

static int read_fd(sd_bus_message *call, void *data, sd_bus_error *error) {
  char text[1000];
  ssize_t length;
  int fd;

  must("ReadFd", sd_bus_message_read(call, "h", &fd));
  length = read(fd, text, sizeof text - 1);
  text[length < 0 ? 0 : length] = 0;
  return sd_bus_reply_method_return(call, "s", text);
}

static const sd_bus_vtable methods[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("OpenPipe", "s", "h", open_pipe, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("ReadFd", "h", "s", read_fd, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END};

int main(int argc, char **argv) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  sd_id128_t id;
  sd_bus *peer = NULL;
  int listening, accepted;

  if (argc != 2)
    return 2;
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  listening = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listening, (struct sockaddr *)&address, sizeof address) < 0 || listen(listening, 1) < 0)
    return 3;
  puts("listening");
  fflush(stdout);
  accepted = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  must("randomize", sd_id128_randomize(&id));
  must("new", sd_bus_new(&peer));
  must("set_fd", sd_bus_set_fd(peer, accepted, accepted));
  must("set_server", sd_bus_set_server(peer, 1, id));
  must("negotiate_fds", sd_bus_negotiate_fds(peer, 1));
  must("add", sd_bus_add_object_vtable(peer, NULL, "/dbus/testkit/Interop", "dbus.testkit.Interop1", methods, NULL));
  must("start", sd_bus_start(peer));
  for (;;) {
    int r = sd_bus_process(peer, NULL);
    if (r < 0)
      return 0;
    if (r == 0 && sd_bus_wait(peer, UINT64_MAX) < 0)
      return 0;
  }
}
