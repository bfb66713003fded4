/* Sets a property and gets it, again and again, without waiting in between: GLib's GDBus. */

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>

#define WINDOW 64

static guint answers, inflight, stale;

static void call(GDBusConnection *peer, const char *member, GVariant *arguments,
                 GAsyncReadyCallback answered, gsize value) {
  g_dbus_connection_call(peer, NULL, "/dbus/testkit/Interop", "org.freedesktop.DBus.Properties",
                         member, arguments, NULL, G_DBUS_CALL_FLAGS_NONE, 60000, NULL, answered,
                         GSIZE_TO_POINTER(value));
}

static GVariant *result(GObject *peer, GAsyncResult *answer) {
  GError *error = NULL;
  GVariant *values = g_dbus_connection_call_finish(G_DBUS_CONNECTION(peer), answer, &error);
  if (!values) {
    fprintf(stderr, "%s\n", error->message);
    exit(1);
  }
  return values;
}

static void on_set(GObject *peer, GAsyncResult *answer, gpointer value) {
  g_variant_unref(result(peer, answer));
}

static void on_got(GObject *peer, GAsyncResult *answer, gpointer value) {
  GVariant *values = result(peer, answer);
  GVariant *got;
  g_variant_get(values, "(v)", &got);
  stale += g_variant_get_uint32(got) != GPOINTER_TO_SIZE(value);
  g_variant_unref(got);
  g_variant_unref(values);
  answers++;
  inflight--;
}

int main(int count, char **arguments) {
  GError *error = NULL;
  GDBusConnection *peer = g_dbus_connection_new_for_address_sync(
      arguments[1], G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, &error);
  if (!peer) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  guint pairs = atoi(arguments[2]);
  for (guint i = 0; i < pairs; i++) {
    /* Without a function to call, GDBus says that it expects no reply: half of them. */
    call(peer, "Set",
         g_variant_new("(ssv)", "dbus.testkit.Interop1", "Counter", g_variant_new_uint32(i)),
         i % 2 ? NULL : on_set, i);
    call(peer, "Get", g_variant_new("(ss)", "dbus.testkit.Interop1", "Counter"), on_got, i);
    inflight++;
    while (inflight >= WINDOW) {
      g_main_context_iteration(NULL, TRUE);
    }
  }
  while (inflight > 0) {
    g_main_context_iteration(NULL, TRUE);
  }
  printf("%u pairs, %u stale\n", answers, stale);
  return 0;
}
