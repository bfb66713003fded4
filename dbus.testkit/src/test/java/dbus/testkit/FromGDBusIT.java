package dbus.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.auth.AuthPolicy;
import dbus.connection.DBusConnection;
import dbus.connection.introspection.NodeInfo;
import dbus.connection.transport.Transport;
import dbus.server.DBusServer;
import dbus.wire.Message;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the page for users of GDBus names exists, and is public.
class FromGDBusIT {

  /// One class of each package whose classes may be named.
  private static final List<Class<?>> PACKAGES =
      List.of(
          Address.class,
          Message.class,
          AuthPolicy.class,
          DBusConnection.class,
          NodeInfo.class,
          Transport.class,
          DBusServer.class);

  /// Classes, and then perhaps a member.
  private static final Pattern NAME =
      Pattern.compile("`([A-Z]\\w*[a-z]\\w*(?:\\.[A-Z]\\w*[a-z]\\w*)*)(?:\\.(\\w+))?`");

  private static List<String> rows() throws Exception {
    Path page = Path.of(System.getProperty("project.readme")).resolveSibling("docs/from-gdbus.md");
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| GDBus"))
        .toList();
  }

  private static Optional<Class<?>> find(String name) {
    return PACKAGES.stream()
        .flatMap(one -> {
          try {
            return Stream.<Class<?>>of(
                Class.forName(one.getPackageName() + "." + name.replace('.', '$')));
          } catch (ClassNotFoundException notThere) {
            return Stream.empty();
          }
        })
        .findFirst();
  }

  private static boolean has(Class<?> type, String member) {
    return Stream.of(type.getMethods()).map(Method::getName).anyMatch(member::equals)
        || Stream.of(type.getFields()).map(Field::getName).anyMatch(member::equals);
  }

  @Test
  void everyClassAndMemberOfTheSecondColumnExists() throws Exception {
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (String row : rows()) {
      Matcher name = NAME.matcher(row.split("\\|", -1)[2]);
      while (name.find()) {
        Optional<Class<?>> type = find(name.group(1));
        if (type.isEmpty()
            || !Modifier.isPublic(type.get().getModifiers())
            || (name.group(2) != null && !has(type.get(), name.group(2)))) {
          missing.add(name.group());
        }
        found++;
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(found > 150, "the page has names of another form: " + found);
  }

  @Test
  void everyRowNamesACounterpartOrSaysWhyThereIsNone() throws Exception {
    for (String row : rows()) {
      String[] cells = row.split("\\|", -1);
      assertEquals(5, cells.length, row);
      assertTrue(
          cells[2].contains("`") || (cells[2].strip().equals("–") && !cells[3].isBlank()), row);
    }
  }
}
