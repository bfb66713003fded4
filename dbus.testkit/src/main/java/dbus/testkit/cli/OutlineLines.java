package dbus.testkit.cli;

import java.io.PrintWriter;

/// Lines with an offset in front, up to a number.
final class OutlineLines {

  private final PrintWriter out;
  private final int limit;
  private int count;

  OutlineLines(PrintWriter out, int limit) {
    this.out = out;
    this.limit = limit;
  }

  /// Whether nothing more is shown.
  boolean isFull() {
    return count > limit;
  }

  void heading(String text) {
    if (hasRoom()) {
      out.println(text);
    }
  }

  void add(int offset, String name, String text) {
    if (hasRoom()) {
      out.printf("%8d  %-14s  %s%n", offset, name, text);
    }
  }

  private boolean hasRoom() {
    if (isFull()) {
      return false;
    }
    count++;
    if (isFull()) {
      out.println("… " + limit + " lines are shown, --limit shows more");
      return false;
    }
    return true;
  }
}
