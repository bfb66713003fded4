/* Passes file descriptors to and from the interop service through sd-bus. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define OBJECT "/dbus/testkit/Interop"
#define INTERFACE "dbus.testkit.Interop1"

static void must(const char *what, int r) {
  if (r < 0) {
    fprintf(stderr, "%s: %s\n", what, strerror(-r));
    exit(1);
  }
}

static void check(const char *what, int right) {
  if (!right) {
    fprintf(stderr, "%s: wrong answer\n", what);
    exit(1);
  }
}

int main(int argc, char **argv) {
  sd_bus *peer = NULL;
  sd_bus_message *reply = NULL;
  sd_bus_error error = SD_BUS_ERROR_NULL;
  const char *text;
  char buffer[100];
  int fd, ends[2];
  ssize_t length;

  check("usage: sdbus_fd_client ADDRESS", argc == 2);
  must("new", sd_bus_new(&peer));
  must("set_address", sd_bus_set_address(peer, argv[1]));
  must("negotiate_fds", sd_bus_negotiate_fds(peer, 1));
  must("start", sd_bus_start(peer));

  must("OpenPipe", sd_bus_call_method(peer, NULL, OBJECT, INTERFACE, "OpenPipe", &error, &reply, "s", "hello"));
  must("OpenPipe, reply", sd_bus_message_read(reply, "h", &fd));
  length = read(fd, buffer, sizeof buffer);
  check("OpenPipe", length == 5 && !memcmp(buffer, "hello", 5));
  check("OpenPipe, end", read(fd, buffer, sizeof buffer) == 0);

  must("pipe", pipe(ends));
  check("write", write(ends[1], "from C", 6) == 6);
  close(ends[1]);
  must("ReadFd", sd_bus_call_method(peer, NULL, OBJECT, INTERFACE, "ReadFd", &error, &reply, "h", ends[0]));
  must("ReadFd, reply", sd_bus_message_read(reply, "s", &text));
  check("ReadFd", !strcmp(text, "from C"));

  sd_bus_message_unref(reply);
  sd_bus_flush_close_unref(peer);
  puts("all passed");
  return 0;
}
