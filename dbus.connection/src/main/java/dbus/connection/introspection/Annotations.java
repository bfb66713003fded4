package dbus.connection.introspection;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Names of annotations that D-Bus gives a meaning. D-Bus Specification, "Introspection Data
/// Format".
public final class Annotations {

  /// `true`: the element should no longer be used.
  public static final String DEPRECATED = "org.freedesktop.DBus.Deprecated";

  /// `true`: the method never replies.
  public static final String NO_REPLY = "org.freedesktop.DBus.Method.NoReply";

  /// What a change of a property tells the peers; see [EmitsChanged].
  public static final String EMITS_CHANGED = "org.freedesktop.DBus.Property.EmitsChangedSignal";

  /// The name of the function in C.
  public static final String C_SYMBOL = "org.freedesktop.DBus.GLib.CSymbol";

  /// The version of the service since which there is the element; for people.
  public static final String SINCE = "org.gtk.GDBus.Since";

  /// A description of the element; for people.
  public static final String DOC_STRING = "org.gtk.GDBus.DocString";

  private Annotations() {}

  /// Unlike `Map.copyOf`, keeps the order, so that one description has one XML text.
  static Map<String, String> copyOf(Map<String, String> annotations) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }
}
