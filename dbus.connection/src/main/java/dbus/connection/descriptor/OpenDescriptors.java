package dbus.connection.descriptor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// File descriptors that are open in this process, as `/proc` of Linux tells.
///
/// Each is known by its number and by what it stands for: a device and an inode, which are those of
/// no other socket or pipe. So one that was closed, and whose number was given to another, is not
/// taken for it.
///
/// @param files what each stands for, by number
record OpenDescriptors(Map<Integer, Object> files) {

  private static final String ALL = "/proc/self/fd";

  private static final String LIMITS = "/proc/self/limits";

  private static final String LIMIT = "Max open files";

  /// Left to whoever opens something at the same time.
  private static final int SPARE = 16;

  OpenDescriptors {
    files = Map.copyOf(files);
  }

  /// Whether there is a `/proc` to look at.
  static boolean canBeSeen() {
    return new File("/proc/self/fdinfo").isDirectory();
  }

  /// All that are open.
  ///
  /// @throws IOException if they cannot be looked at, since one is needed for that
  static OpenDescriptors now() throws IOException {
    Map<Integer, Object> files = new HashMap<>();
    for (String name : names()) {
      Object file = file(name);
      if (file != null) {
        files.put(Integer.valueOf(name), file);
      }
    }
    return new OpenDescriptors(files);
  }

  private static String[] names() throws IOException {
    String[] names = new File(ALL).list();
    if (names == null) {
      throw new IOException(ALL + " cannot be read");
    }
    return names;
  }

  /// @return null if it is not open, as the one that the names were read with
  private static @Nullable Object file(String name) {
    try {
      return Files.readAttributes(Path.of(ALL, name), BasicFileAttributes.class).fileKey();
    } catch (IOException closed) {
      return null;
    }
  }

  /// Those that are not among the others.
  OpenDescriptors without(OpenDescriptors others) {
    Map<Integer, Object> left = new HashMap<>(files);
    left.entrySet().removeAll(others.files.entrySet());
    return new OpenDescriptors(left);
  }

  /// Those that are still open.
  OpenDescriptors left() {
    Map<Integer, Object> left = new HashMap<>();
    for (Entry<Integer, Object> one : files.entrySet()) {
      if (Objects.equals(one.getValue(), file(one.getKey().toString()))) {
        left.put(one.getKey(), one.getValue());
      }
    }
    return new OpenDescriptors(left);
  }

  int size() {
    return files.size();
  }

  Set<Integer> numbers() {
    return files.keySet();
  }

  /// Whether this process may open so many more, and others some besides.
  static boolean haveRoomFor(int more) {
    try {
      return names().length + more + SPARE <= limit();
    } catch (IOException none) {
      return false;
    }
  }

  /// The soft limit; it is the third of its line, behind a name of three words.
  private static long limit() throws IOException {
    for (String line : Files.readAllLines(Path.of(LIMITS))) {
      if (line.startsWith(LIMIT)) {
        String soft = line.substring(LIMIT.length()).strip().split(" +", 2)[0];
        return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
      }
    }
    return Long.MAX_VALUE;
  }
}
