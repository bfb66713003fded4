/* Sets a property and gets it, again and again, without waiting in between: libdbus. */

#include <dbus/dbus.h>
#include <stdio.h>
#include <stdlib.h>

#define WINDOW 64

static const char *path = "/dbus/testkit/Interop";
static const char *interface = "dbus.testkit.Interop1";
static const char *property = "Counter";

static DBusMessage *call(const char *member) {
  DBusMessage *message =
      dbus_message_new_method_call(NULL, path, "org.freedesktop.DBus.Properties", member);
  dbus_message_append_args(message, DBUS_TYPE_STRING, &interface, DBUS_TYPE_STRING, &property,
                           DBUS_TYPE_INVALID);
  return message;
}

static void set(DBusConnection *peer, dbus_uint32_t value) {
  DBusMessage *message = call("Set");
  DBusMessageIter arguments, variant;
  dbus_message_iter_init_append(message, &arguments);
  dbus_message_iter_open_container(&arguments, DBUS_TYPE_VARIANT, "u", &variant);
  dbus_message_iter_append_basic(&variant, DBUS_TYPE_UINT32, &value);
  dbus_message_iter_close_container(&arguments, &variant);
  /* Half of them want a reply, and nobody looks at it. */
  dbus_message_set_no_reply(message, value % 2);
  dbus_connection_send(peer, message, NULL);
  dbus_message_unref(message);
}

static dbus_uint32_t got(DBusPendingCall *pending) {
  DBusMessageIter arguments, variant;
  dbus_uint32_t value;
  dbus_pending_call_block(pending);
  DBusMessage *reply = dbus_pending_call_steal_reply(pending);
  if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_METHOD_RETURN) {
    fprintf(stderr, "%s\n", dbus_message_get_error_name(reply));
    exit(1);
  }
  dbus_message_iter_init(reply, &arguments);
  dbus_message_iter_recurse(&arguments, &variant);
  dbus_message_iter_get_basic(&variant, &value);
  dbus_message_unref(reply);
  dbus_pending_call_unref(pending);
  return value;
}

int main(int count, char **arguments) {
  DBusError error = DBUS_ERROR_INIT;
  DBusConnection *peer = dbus_connection_open_private(arguments[1], &error);
  if (!peer) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  unsigned pairs = atoi(arguments[2]);
  unsigned stale = 0;
  DBusPendingCall *window[WINDOW];
  for (unsigned i = 0; i < pairs + WINDOW; i++) {
    if (i >= WINDOW && got(window[i % WINDOW]) != i - WINDOW) {
      stale++;
    }
    if (i < pairs) {
      set(peer, i);
      DBusMessage *get = call("Get");
      dbus_connection_send_with_reply(peer, get, &window[i % WINDOW], 60000);
      dbus_message_unref(get);
    }
  }
  printf("%u pairs, %u stale\n", pairs, stale);
  dbus_connection_close(peer);
  dbus_connection_unref(peer);
  return 0;
}
