/* Asks through sd-bus who the server takes this client for, and prints the mechanism.
 *
 *   sdbus_who ADDRESS MECHANISM   where the mechanism is EXTERNAL or ANONYMOUS
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

static void must(const char *what, int r) {
  if (r < 0) {
    fprintf(stderr, "%s: %s\n", what, strerror(-r));
    exit(1);
  }
}

int main(int argc, char **argv) {
  sd_bus *peer = NULL;
  sd_bus_message *reply = NULL;
  sd_bus_error error = SD_BUS_ERROR_NULL;
  const char *mechanism;
  uint32_t uid, pid;

  if (argc != 3) {
    fprintf(stderr, "usage: sdbus_who ADDRESS MECHANISM\n");
    return 2;
  }
  must("new", sd_bus_new(&peer));
  must("set_address", sd_bus_set_address(peer, argv[1]));
  must("set_anonymous", sd_bus_set_anonymous(peer, !strcmp(argv[2], "ANONYMOUS")));
  must("start", sd_bus_start(peer));
  must("call", sd_bus_call_method(peer, NULL, "/dbus/testkit/Interop", "dbus.testkit.Interop1", "WhoAmI", &error,
                                  &reply, ""));
  must("read", sd_bus_message_read(reply, "uus", &uid, &pid, &mechanism));
  puts(mechanism);
  sd_bus_message_unref(reply);
  sd_bus_unref(peer);
  return 0;
}
