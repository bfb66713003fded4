/* Authenticates through sd-bus, as a client or as a server, by EXTERNAL or ANONYMOUS.
 *
 *   sdbus_auth client ADDRESS MECHANISM   says how its first call ended
 *   sdbus_auth server PATH MECHANISM      prints its id, and a line for the peer it lets in, and answers it
 */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

static int must(const char *what, int r) {
  if (r < 0) {
    fprintf(stderr, "%s: %s\n", what, strerror(-r));
    exit(1);
  }
  return r;
}

static void client(const char *address, int anonymous) {
  sd_bus *peer = NULL;
  sd_bus_error error = SD_BUS_ERROR_NULL;

  must("new", sd_bus_new(&peer));
  must("set_address", sd_bus_set_address(peer, address));
  must("set_anonymous", sd_bus_set_anonymous(peer, anonymous));
  must("negotiate_fds", sd_bus_negotiate_fds(peer, 1));
  must("start", sd_bus_start(peer));
  if (sd_bus_call_method(peer, NULL, "/", "org.freedesktop.DBus.Peer", "Ping", &error, NULL, "") < 0)
    puts(error.name);
  sd_bus_error_free(&error);
  sd_bus_unref(peer);
}

static void server(const char *path, int anonymous) {
  struct sockaddr_un where = {.sun_family = AF_UNIX};
  char text[SD_ID128_STRING_MAX];
  sd_bus *peer = NULL;
  sd_id128_t id;
  int listener, fd;

  must("randomize", sd_id128_randomize(&id));
  strncpy(where.sun_path, path, sizeof(where.sun_path) - 1);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&where, sizeof(where)) < 0 || listen(listener, 1) < 0) {
    perror("listen");
    exit(1);
  }
  puts(sd_id128_to_string(id, text));
  fflush(stdout);
  fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) {
    perror("accept");
    exit(1);
  }

  must("new", sd_bus_new(&peer));
  must("set_fd", sd_bus_set_fd(peer, fd, fd));
  must("set_server", sd_bus_set_server(peer, 1, id));
  must("set_anonymous", sd_bus_set_anonymous(peer, anonymous));
  must("negotiate_fds", sd_bus_negotiate_fds(peer, 1));
  must("start", sd_bus_start(peer));
  while (sd_bus_is_ready(peer) == 0) {
    if (sd_bus_process(peer, NULL) < 0) {
      puts("refused");
      exit(0);
    }
    if (sd_bus_is_ready(peer) == 0)
      must("wait", sd_bus_wait(peer, UINT64_MAX));
  }
  puts("let in");
  fflush(stdout);
  /* Answers calls of org.freedesktop.DBus.Peer until the client leaves. */
  for (int r = 1; r >= 0;)
    r = (r = sd_bus_process(peer, NULL)) == 0 ? sd_bus_wait(peer, UINT64_MAX) : r;
  close(listener);
  sd_bus_unref(peer);
}

int main(int argc, char **argv) {
  int anonymous;

  if (argc != 4) {
    fprintf(stderr, "usage: sdbus_auth client|server WHERE MECHANISM\n");
    return 2;
  }
  anonymous = !strcmp(argv[3], "ANONYMOUS");
  if (!strcmp(argv[1], "client"))
    client(argv[2], anonymous);
  else
    server(argv[2], anonymous);
  return 0;
}
