/* Calls the interop service through sd-bus, as a peer: no Hello, the handshake in one write. */

#include <stdint.h>
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
  int64_t sum;
  uint32_t uid, pid, number;
  const char *mechanism, *key, *text;
  char *version = NULL;

  check("usage: sdbus_client ADDRESS", argc == 2);
  must("new", sd_bus_new(&peer));
  must("set_address", sd_bus_set_address(peer, argv[1]));
  must("start", sd_bus_start(peer));

  must("Sum", sd_bus_call_method(peer, NULL, OBJECT, INTERFACE, "Sum", &error, &reply, "ai", 3, 1, 2, 3));
  must("Sum, reply", sd_bus_message_read(reply, "x", &sum));
  check("Sum", sum == 6);

  must("WhoAmI", sd_bus_call_method(peer, NULL, OBJECT, INTERFACE, "WhoAmI", &error, &reply, ""));
  must("WhoAmI, reply", sd_bus_message_read(reply, "uus", &uid, &pid, &mechanism));
  check("WhoAmI", uid == getuid() && pid == (uint32_t)getpid() && !strcmp(mechanism, "EXTERNAL"));

  must("Echo", sd_bus_call_method(peer, NULL, OBJECT, INTERFACE, "Echo", &error, &reply, "v", "a{su}", 1, "k", 7));
  must("Echo, reply", sd_bus_message_read(reply, "v", "a{su}", 1, &key, &number));
  check("Echo", !strcmp(key, "k") && number == 7);

  check("Fail", sd_bus_call_method(peer, NULL, OBJECT, INTERFACE, "Fail", &error, &reply, "ss",
                                   "com.example.Error.Odd", "so it is") < 0);
  check("Fail, error", !strcmp(error.name, "com.example.Error.Odd") && !strcmp(error.message, "so it is"));
  sd_bus_error_free(&error);

  must("Version", sd_bus_get_property_string(peer, NULL, OBJECT, INTERFACE, "Version", &error, &version));
  check("Version", strlen(version) > 0);

  must("EchoString", sd_bus_call_method(peer, NULL, "/bench", "bench.Echo", "EchoString", &error, &reply, "s", "hello"));
  must("EchoString, reply", sd_bus_message_read(reply, "s", &text));
  check("EchoString", !strcmp(text, "hello"));

  free(version);
  sd_bus_message_unref(reply);
  sd_bus_flush_close_unref(peer);
  puts("all answered rightly");
  return 0;
}
