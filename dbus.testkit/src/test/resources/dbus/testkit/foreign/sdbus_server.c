/* An object that sd-bus serves to one peer: calls in both directions, signals, properties, errors,
 * and file descriptors.
 *
 *   sdbus_server unix:path=PATH
 *
 * Prints its address, and a line for each signal that the peer emits. It serves until it is ended.
 */

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define CALLS "com.example.Calls1"
#define PREFIX "unix:path="

static uint32_t level = 1;

static int must(const char *what, int r) {
  if (r < 0) {
    fprintf(stderr, "%s: %s\n", what, strerror(-r));
    exit(1);
  }
  return r;
}

static int add(sd_bus_message *call, void *data, sd_bus_error *error) {
  int32_t one, other;

  must("Add", sd_bus_message_read(call, "ii", &one, &other));
  return sd_bus_reply_method_return(call, "i", one + other);
}

static int fail(sd_bus_message *call, void *data, sd_bus_error *error) {
  return sd_bus_error_set_const(error, "com.example.Error.Full", "no room");
}

/* What the peer has answered becomes the answer to the call that led to it. */
static int called_back(sd_bus_message *reply, void *data, sd_bus_error *error) {
  sd_bus_message *call = data;
  const sd_bus_error *its = sd_bus_message_get_error(reply);
  const char *text;
  int r;

  if (its) {
    r = sd_bus_reply_method_errorf(call, its->name, "from the peer");
  } else {
    must("answer", sd_bus_message_read(reply, "s", &text));
    r = sd_bus_reply_method_return(call, "s", text);
  }
  sd_bus_message_unref(call);
  return r;
}

static int call_back(sd_bus_message *call, void *data, sd_bus_error *error) {
  const char *member;

  must("CallBack", sd_bus_message_read(call, "s", &member));
  must("call", sd_bus_call_method_async(
      sd_bus_message_get_bus(call), NULL, NULL, "/client", "com.example.Client1", member,
      called_back, sd_bus_message_ref(call), ""));
  return 1;
}

static int tick(sd_bus_message *call, void *data, sd_bus_error *error) {
  const char *text;

  must("Tick", sd_bus_message_read(call, "s", &text));
  must("Ticked", sd_bus_emit_signal(sd_bus_message_get_bus(call), "/calls", CALLS, "Ticked", "s", text));
  return sd_bus_reply_method_return(call, "");
}

/* Tells of the change first. */
static int set_level(sd_bus *peer, const char *path, const char *interface, const char *property,
    sd_bus_message *value, void *data, sd_bus_error *error) {
  must("Level", sd_bus_message_read(value, "u", &level));
  return sd_bus_emit_properties_changed(peer, path, interface, property, NULL);
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

static int heard(sd_bus_message *m, void *data, sd_bus_error *error) {
  const char *text = "";

  if (!sd_bus_message_is_signal(m, "com.example.Heard1", NULL))
    return 0;
  must("signal", sd_bus_message_read(m, "s", &text));
  printf("%s.%s at %s: %s\n", sd_bus_message_get_interface(m), sd_bus_message_get_member(m), sd_bus_message_get_path(m), text);
  fflush(stdout);
  return 1;
}

static const sd_bus_vtable calls[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Add", "ii", "i", add, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Fail", "", "", fail, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("CallBack", "s", "s", call_back, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Tick", "s", "", tick, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_SIGNAL("Ticked", "s", 0),
    SD_BUS_WRITABLE_PROPERTY("Level", "u", NULL, set_level, 0, SD_BUS_VTABLE_UNPRIVILEGED | SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_VTABLE_END};

static const sd_bus_vtable interop[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("OpenPipe", "s", "h", open_pipe, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("ReadFd", "h", "s", read_fd, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END};

int main(int argc, char **argv) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  sd_id128_t id;
  sd_bus *peer = NULL;
  int listening, accepted;

  if (argc != 2 || strncmp(argv[1], PREFIX, strlen(PREFIX)) != 0)
    return 2;
  strncpy(address.sun_path, argv[1] + strlen(PREFIX), sizeof address.sun_path - 1);
  listening = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listening, (struct sockaddr *)&address, sizeof address) < 0 || listen(listening, 1) < 0)
    return 3;
  puts(argv[1]);
  fflush(stdout);
  accepted = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  must("randomize", sd_id128_randomize(&id));
  must("new", sd_bus_new(&peer));
  must("set_fd", sd_bus_set_fd(peer, accepted, accepted));
  must("set_server", sd_bus_set_server(peer, 1, id));
  must("negotiate_fds", sd_bus_negotiate_fds(peer, 1));
  must("calls", sd_bus_add_object_vtable(peer, NULL, "/calls", CALLS, calls, &level));
  must("interop", sd_bus_add_object_vtable(peer, NULL, "/dbus/testkit/Interop", "dbus.testkit.Interop1", interop, NULL));
  must("filter", sd_bus_add_filter(peer, NULL, heard, NULL));
  must("start", sd_bus_start(peer));
  for (;;) {
    int r = sd_bus_process(peer, NULL);
    if (r < 0)
      return 0;
    if (r == 0 && sd_bus_wait(peer, UINT64_MAX) < 0)
      return 0;
  }
}
