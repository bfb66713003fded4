/* A server of libdbus for its clients: calls in both directions, signals, properties, errors, and
 * file descriptors.
 *
 *   libdbus_server ADDRESS
 *
 * Prints its address, and a line for each signal that a peer emits. It serves until it is ended.
 */

#include <dbus/dbus.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALLS "com.example.Calls1"
#define INTEROP "dbus.testkit.Interop1"
#define MAX 64

static const char *xml =
    DBUS_INTROSPECT_1_0_XML_DOCTYPE_DECL_NODE
    "<node><interface name=\"" CALLS "\">"
    "<method name=\"Add\"><arg type=\"i\" direction=\"in\"/><arg type=\"i\" direction=\"in\"/>"
    "<arg type=\"i\" direction=\"out\"/></method>"
    "<property name=\"Level\" type=\"u\" access=\"readwrite\"/>"
    "</interface></node>";

static DBusWatch *watches[MAX];
static int watch_count;
static DBusConnection *peers[MAX];
static int peer_count;
static dbus_uint32_t level = 1;

static dbus_bool_t add_watch(DBusWatch *watch, void *data) {
  if (watch_count == MAX)
    return FALSE;
  watches[watch_count++] = watch;
  return TRUE;
}

static void remove_watch(DBusWatch *watch, void *data) {
  for (int i = 0; i < watch_count; i++)
    if (watches[i] == watch)
      watches[i] = watches[--watch_count];
}

static void answer(DBusConnection *peer, DBusMessage *reply) {
  dbus_connection_send(peer, reply, NULL);
  dbus_message_unref(reply);
}

static void fail(DBusConnection *peer, DBusMessage *call, const char *name, const char *text) {
  answer(peer, dbus_message_new_error(call, name, text));
}

/* What the peer has answered becomes the answer to the call that led to it. */
static void called_back(DBusPendingCall *pending, void *data) {
  DBusMessage *call = data, *reply = dbus_pending_call_steal_reply(pending), *mine;
  DBusConnection *peer = peers[0];
  const char *text;

  if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_METHOD_RETURN
      && dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID)) {
    mine = dbus_message_new_method_return(call);
    dbus_message_append_args(mine, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID);
    answer(peer, mine);
  } else {
    fail(peer, call, dbus_message_get_error_name(reply), "from the peer");
  }
  dbus_message_unref(reply);
  dbus_message_unref(call);
}

static void call_back(DBusConnection *peer, DBusMessage *call, const char *member) {
  DBusPendingCall *pending = NULL;
  DBusMessage *mine = dbus_message_new_method_call(NULL, "/client", "com.example.Client1", member);

  dbus_connection_send_with_reply(peer, mine, &pending, DBUS_TIMEOUT_INFINITE);
  dbus_message_unref(mine);
  dbus_pending_call_set_notify(pending, called_back, dbus_message_ref(call), NULL);
  dbus_pending_call_unref(pending);
}

static void tick(DBusConnection *peer, const char *text) {
  DBusMessage *signal = dbus_message_new_signal("/calls", CALLS, "Ticked");

  dbus_message_append_args(signal, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID);
  answer(peer, signal);
}

static void open_pipe(DBusConnection *peer, DBusMessage *call, const char *text) {
  DBusMessage *reply = dbus_message_new_method_return(call);
  int ends[2];

  if (pipe(ends) < 0 || write(ends[1], text, strlen(text)) < 0)
    exit(4);
  close(ends[1]);
  dbus_message_append_args(reply, DBUS_TYPE_UNIX_FD, &ends[0], DBUS_TYPE_INVALID);
  close(ends[0]);
  answer(peer, reply);
}

static void read_fd(DBusConnection *peer, DBusMessage *call, int fd) {
  DBusMessage *reply = dbus_message_new_method_return(call);
  char buffer[1000], *text = buffer;
  ssize_t length = read(fd, buffer, sizeof buffer - 1);

  close(fd);
  buffer[length < 0 ? 0 : length] = 0;
  dbus_message_append_args(reply, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID);
  answer(peer, reply);
}

static void get_level(DBusConnection *peer, DBusMessage *call) {
  DBusMessage *reply = dbus_message_new_method_return(call);
  DBusMessageIter all, value;

  dbus_message_iter_init_append(reply, &all);
  dbus_message_iter_open_container(&all, DBUS_TYPE_VARIANT, "u", &value);
  dbus_message_iter_append_basic(&value, DBUS_TYPE_UINT32, &level);
  dbus_message_iter_close_container(&all, &value);
  answer(peer, reply);
}

/* Tells of the change first. */
static void set_level(DBusConnection *peer, DBusMessage *call) {
  DBusMessage *signal =
      dbus_message_new_signal("/calls", "org.freedesktop.DBus.Properties", "PropertiesChanged");
  DBusMessageIter all, value, changed, entry;
  const char *interface = CALLS, *name = "Level";

  dbus_message_iter_init(call, &all);
  dbus_message_iter_next(&all);
  dbus_message_iter_next(&all);
  dbus_message_iter_recurse(&all, &value);
  dbus_message_iter_get_basic(&value, &level);

  dbus_message_iter_init_append(signal, &all);
  dbus_message_iter_append_basic(&all, DBUS_TYPE_STRING, &interface);
  dbus_message_iter_open_container(&all, DBUS_TYPE_ARRAY, "{sv}", &changed);
  dbus_message_iter_open_container(&changed, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
  dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &name);
  dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "u", &value);
  dbus_message_iter_append_basic(&value, DBUS_TYPE_UINT32, &level);
  dbus_message_iter_close_container(&entry, &value);
  dbus_message_iter_close_container(&changed, &entry);
  dbus_message_iter_close_container(&all, &changed);
  dbus_message_iter_open_container(&all, DBUS_TYPE_ARRAY, "s", &changed);
  dbus_message_iter_close_container(&all, &changed);
  answer(peer, signal);
  answer(peer, dbus_message_new_method_return(call));
}

static DBusHandlerResult received(DBusConnection *peer, DBusMessage *m, void *data) {
  DBusMessage *reply;
  const char *text;
  int one, other;

  if (dbus_message_is_signal(m, DBUS_INTERFACE_LOCAL, "Disconnected"))
    return DBUS_HANDLER_RESULT_HANDLED;
  if (dbus_message_get_type(m) == DBUS_MESSAGE_TYPE_SIGNAL) {
    text = "";
    dbus_message_get_args(m, NULL, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID);
    printf("%s.%s at %s: %s\n", dbus_message_get_interface(m), dbus_message_get_member(m), dbus_message_get_path(m), text);
    fflush(stdout);
    return DBUS_HANDLER_RESULT_HANDLED;
  }
  if (dbus_message_is_method_call(m, CALLS, "Add")
      && dbus_message_get_args(m, NULL, DBUS_TYPE_INT32, &one, DBUS_TYPE_INT32, &other, DBUS_TYPE_INVALID)) {
    reply = dbus_message_new_method_return(m);
    one += other;
    dbus_message_append_args(reply, DBUS_TYPE_INT32, &one, DBUS_TYPE_INVALID);
    answer(peer, reply);
  } else if (dbus_message_is_method_call(m, CALLS, "Fail")) {
    fail(peer, m, "com.example.Error.Full", "no room");
  } else if (dbus_message_is_method_call(m, CALLS, "CallBack")
             && dbus_message_get_args(m, NULL, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID)) {
    call_back(peer, m, text);
  } else if (dbus_message_is_method_call(m, CALLS, "Tick")
             && dbus_message_get_args(m, NULL, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID)) {
    tick(peer, text);
    answer(peer, dbus_message_new_method_return(m));
  } else if (dbus_message_is_method_call(m, INTEROP, "OpenPipe")
             && dbus_message_get_args(m, NULL, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID)) {
    open_pipe(peer, m, text);
  } else if (dbus_message_is_method_call(m, INTEROP, "ReadFd")
             && dbus_message_get_args(m, NULL, DBUS_TYPE_UNIX_FD, &one, DBUS_TYPE_INVALID)) {
    read_fd(peer, m, one);
  } else if (dbus_message_is_method_call(m, DBUS_INTERFACE_INTROSPECTABLE, "Introspect")) {
    reply = dbus_message_new_method_return(m);
    dbus_message_append_args(reply, DBUS_TYPE_STRING, &xml, DBUS_TYPE_INVALID);
    answer(peer, reply);
  } else if (dbus_message_is_method_call(m, DBUS_INTERFACE_PROPERTIES, "Get")) {
    get_level(peer, m);
  } else if (dbus_message_is_method_call(m, DBUS_INTERFACE_PROPERTIES, "Set")) {
    set_level(peer, m);
  } else {
    return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
  }
  return DBUS_HANDLER_RESULT_HANDLED;
}

static void connected(DBusServer *server, DBusConnection *peer, void *data) {
  if (peer_count == MAX)
    return;
  peers[peer_count++] = dbus_connection_ref(peer);
  dbus_connection_set_watch_functions(peer, add_watch, remove_watch, NULL, NULL, NULL);
  dbus_connection_add_filter(peer, received, NULL, NULL);
}

static void serve(void) {
  struct pollfd fds[MAX];
  DBusWatch *ready[MAX];
  int count = 0;

  for (int i = 0; i < watch_count; i++) {
    unsigned flags = dbus_watch_get_flags(watches[i]);

    if (!dbus_watch_get_enabled(watches[i]))
      continue;
    ready[count] = watches[i];
    fds[count].fd = dbus_watch_get_unix_fd(watches[i]);
    fds[count++].events = (flags & DBUS_WATCH_READABLE ? POLLIN : 0) | (flags & DBUS_WATCH_WRITABLE ? POLLOUT : 0);
  }
  if (poll(fds, count, -1) < 0)
    exit(5);
  for (int i = 0; i < count; i++) {
    unsigned flags = (fds[i].revents & POLLIN ? DBUS_WATCH_READABLE : 0)
                     | (fds[i].revents & POLLOUT ? DBUS_WATCH_WRITABLE : 0)
                     | (fds[i].revents & POLLERR ? DBUS_WATCH_ERROR : 0)
                     | (fds[i].revents & POLLHUP ? DBUS_WATCH_HANGUP : 0);
    int there = 0;

    for (int j = 0; j < watch_count; j++)
      there |= watches[j] == ready[i];
    if (flags && there)
      dbus_watch_handle(ready[i], flags);
  }
  for (int i = 0; i < peer_count; i++)
    while (dbus_connection_dispatch(peers[i]) == DBUS_DISPATCH_DATA_REMAINS)
      continue;
}

int main(int argc, char **argv) {
  DBusError error = DBUS_ERROR_INIT;
  DBusServer *server;
  char *address;

  if (argc != 2)
    return 2;
  server = dbus_server_listen(argv[1], &error);
  if (!server) {
    fprintf(stderr, "%s: %s\n", error.name, error.message);
    return 3;
  }
  dbus_server_set_new_connection_function(server, connected, NULL, NULL);
  dbus_server_set_watch_functions(server, add_watch, remove_watch, NULL, NULL, NULL);
  address = dbus_server_get_address(server);
  puts(address);
  fflush(stdout);
  dbus_free(address);
  for (;;)
    serve();
}
