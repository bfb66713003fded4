package dbus.testkit.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// What is wrong with a file, in words: those of the JDK are sometimes its name and no more.
final class FileProblem {

  private FileProblem() {}

  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException missing ->
          missing.getFile() + ": there is no such file or directory";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
