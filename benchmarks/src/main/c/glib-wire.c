// What the bodies of WireCase cost with GLib: a method call from arguments to bytes, and from bytes
// to arguments. Prints the median of twelve rounds, in nanoseconds a message.
//
//   gcc -O2 glib-wire.c -o glib-wire $(pkg-config --cflags --libs gio-2.0) && ./glib-wire
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 12, ROUND_NS = 250 * 1000 * 1000, MIB = 1 << 20, COUNT = 1000 };

static guint8 bytes[MIB];
static gint32 ints[MIB / 4];
static gdouble doubles[] = {1.5, -2.25, 0, 1e100};
static char names[COUNT][16];
static volatile gsize sink;

static GVariant *empty(void) { return NULL; }

static GVariant *string(void) { return g_variant_new("(s)", "a string of exactly thirty-two b"); }

static GVariant *properties(void) {
  GVariantBuilder all;
  g_variant_builder_init(&all, G_VARIANT_TYPE("a{sv}"));
  g_variant_builder_add(&all, "{sv}", "PlaybackStatus", g_variant_new_string("Playing"));
  g_variant_builder_add(&all, "{sv}", "LoopStatus", g_variant_new_string("Playlist"));
  g_variant_builder_add(&all, "{sv}", "Rate", g_variant_new_double(1.0));
  g_variant_builder_add(&all, "{sv}", "Shuffle", g_variant_new_boolean(FALSE));
  g_variant_builder_add(&all, "{sv}", "Title",
                        g_variant_new_string("A piece for two pianos, first movement"));
  g_variant_builder_add(&all, "{sv}", "Artist", g_variant_new_string("Somebody"));
  g_variant_builder_add(&all, "{sv}", "Volume", g_variant_new_double(0.8));
  g_variant_builder_add(&all, "{sv}", "Position", g_variant_new_int64(61000000));
  g_variant_builder_add(&all, "{sv}", "TrackNumber", g_variant_new_uint32(7));
  g_variant_builder_add(&all, "{sv}", "CanPlay", g_variant_new_boolean(TRUE));
  g_variant_builder_add(&all, "{sv}", "CanPause", g_variant_new_boolean(TRUE));
  g_variant_builder_add(&all, "{sv}", "CanSeek", g_variant_new_boolean(TRUE));
  return g_variant_new("(a{sv})", &all);
}

static GVariant *tuple(GVariant *only) { return g_variant_new_tuple(&only, 1); }

static GVariant *bulk_bytes(void) {
  return tuple(g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, MIB, 1));
}

static GVariant *bulk_ints(void) {
  return tuple(g_variant_new_fixed_array(G_VARIANT_TYPE_INT32, ints, MIB / 4, 4));
}

static GVariant *structs(void) {
  GVariantBuilder all;
  g_variant_builder_init(&all, G_VARIANT_TYPE("a(isad)"));
  for (int i = 0; i < COUNT; i++) {
    g_variant_builder_add(&all, "(is@ad)", i, names[i],
                          g_variant_new_fixed_array(G_VARIANT_TYPE_DOUBLE, doubles, 4, 8));
  }
  return g_variant_new("(a(isad))", &all);
}

static gsize read_empty(GVariant *body) { return body == NULL; }

static gsize read_string(GVariant *body) {
  const char *text;
  g_variant_get(body, "(&s)", &text);
  return strlen(text);
}

static gsize read_properties(GVariant *body) {
  GVariantIter *all;
  const char *key;
  GVariant *value;
  gsize sum = 0;
  g_variant_get(body, "(a{sv})", &all);
  while (g_variant_iter_next(all, "{&sv}", &key, &value)) {
    sum += strlen(key);
    switch (g_variant_classify(value)) {
    case G_VARIANT_CLASS_STRING: sum += strlen(g_variant_get_string(value, NULL)); break;
    case G_VARIANT_CLASS_DOUBLE: sum += (gsize)g_variant_get_double(value); break;
    case G_VARIANT_CLASS_BOOLEAN: sum += g_variant_get_boolean(value); break;
    case G_VARIANT_CLASS_INT64: sum += g_variant_get_int64(value); break;
    case G_VARIANT_CLASS_UINT32: sum += g_variant_get_uint32(value); break;
    default: g_assert_not_reached();
    }
    g_variant_unref(value);
  }
  g_variant_iter_free(all);
  return sum;
}

static gsize read_bulk(GVariant *body, gsize size, void *target) {
  gsize count;
  GVariant *array = g_variant_get_child_value(body, 0);
  memcpy(target, g_variant_get_fixed_array(array, &count, size), MIB);
  g_variant_unref(array);
  return count;
}

static gsize read_bytes(GVariant *body) {
  static guint8 target[MIB];
  return read_bulk(body, 1, target);
}

static gsize read_ints(GVariant *body) {
  static gint32 target[MIB / 4];
  return read_bulk(body, 4, target);
}

static gsize read_structs(GVariant *body) {
  GVariantIter *all;
  gint32 number;
  const char *text;
  GVariant *array;
  gsize sum = 0;
  g_variant_get(body, "(a(isad))", &all);
  while (g_variant_iter_next(all, "(i&s@ad)", &number, &text, &array)) {
    gsize count;
    const gdouble *values = g_variant_get_fixed_array(array, &count, 8);
    sum += number + strlen(text) + count + (gsize)values[0];
    g_variant_unref(array);
  }
  g_variant_iter_free(all);
  return sum;
}

static const struct Case {
  const char *name;
  GVariant *(*make)(void);
  gsize (*read)(GVariant *);
} cases[] = {{"EMPTY", empty, read_empty},          {"STRING", string, read_string},
             {"PROPERTIES", properties, read_properties}, {"BYTES", bulk_bytes, read_bytes},
             {"INTS", bulk_ints, read_ints},         {"STRUCTS", structs, read_structs}};

static guchar *encode(const struct Case *one, gsize *size) {
  GDBusMessage *call =
      g_dbus_message_new_method_call(NULL, "/org/example/Player", "org.example.Player", "Update");
  GVariant *body = one->make();
  if (body != NULL) g_dbus_message_set_body(call, body);
  g_dbus_message_set_serial(call, 1);
  guchar *blob = g_dbus_message_to_blob(call, size, G_DBUS_CAPABILITY_FLAGS_NONE, NULL);
  g_assert(blob != NULL);
  g_object_unref(call);
  return blob;
}

static gsize decode(const struct Case *one, guchar *blob, gsize size) {
  GDBusMessage *call =
      g_dbus_message_new_from_blob(blob, size, G_DBUS_CAPABILITY_FLAGS_NONE, NULL);
  g_assert(call != NULL);
  gsize sum = one->read(g_dbus_message_get_body(call)) + strlen(g_dbus_message_get_path(call))
              + strlen(g_dbus_message_get_interface(call)) + strlen(g_dbus_message_get_member(call));
  g_object_unref(call);
  return sum;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static gint64 now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void) {
  for (int i = 0; i < MIB; i++) bytes[i] = (guint8)i;
  for (int i = 0; i < MIB / 4; i++) ints[i] = (gint32)(i * 0x9e3779b9u);
  for (int i = 0; i < COUNT; i++) snprintf(names[i], sizeof names[i], "element %d", i);
  for (gsize c = 0; c < G_N_ELEMENTS(cases); c++) {
    gsize size;
    guchar *blob = encode(&cases[c], &size);
    for (int way = 0; way < 2; way++) {
      double rounds[ROUNDS];
      for (int r = 0; r < ROUNDS; r++) {
        gint64 begun = now(), ended;
        long count = 0;
        do {
          if (way == 0) {
            gsize written;
            g_free(encode(&cases[c], &written));
            sink += written;
          } else {
            sink += decode(&cases[c], blob, size);
          }
          count++;
          ended = now();
        } while (ended - begun < ROUND_NS);
        rounds[r] = (double)(ended - begun) / count;
      }
      qsort(rounds, ROUNDS, sizeof *rounds, compare);
      printf("glib %s %s %.0f\n", way == 0 ? "encode" : "decode", cases[c].name,
             (rounds[ROUNDS / 2 - 1] + rounds[ROUNDS / 2]) / 2);
      fflush(stdout);
    }
    g_free(blob);
  }
  return 0;
}
