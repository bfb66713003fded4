package dbus.connection.descriptor;

import dbus.wire.Message;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.newsclub.net.unix.AFPipe;
import org.newsclub.net.unix.FileDescriptorAccess;
import org.newsclub.net.unix.FileDescriptorCast;

/// Duplicates, closes, and looks at file descriptors.
public final class Descriptors {

  private static final Logger LOG = System.getLogger(Descriptors.class.getName());

  private Descriptors() {}

  /// A second descriptor for the same file, pipe or socket, close-on-exec.
  ///
  /// @throws IOException if it is closed, or this process has too many
  public static FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
    return FileDescriptorCast.duplicating(descriptor).getFileDescriptor();
  }

  /// Closes it, if it is open. Java marks it, so that whoever else has it sees that it is closed.
  public static void close(FileDescriptor descriptor) {
    if (!descriptor.valid()) {
      return;
    }
    try (FileInputStream owner = new FileInputStream(descriptor)) {
      LOG.log(Level.TRACE, "closing {0}", owner);
    } catch (IOException e) {
      // The descriptor is released all the same, and nobody could do anything about it.
      LOG.log(Level.DEBUG, "closing a file descriptor failed", e);
    }
  }

  /// Closes all of them.
  public static void close(List<FileDescriptor> descriptors) {
    descriptors.forEach(Descriptors::close);
  }

  /// Closes what a message brought and nobody took. Quick where it brought nothing.
  public static void close(Message message) {
    if (message.unixFds() > 0) {
      message.body().unixFds().close();
    }
  }

  /// The number that the operating system knows it by.
  ///
  /// @throws IOException if it is closed
  public static int number(FileDescriptor descriptor) throws IOException {
    return FileDescriptorCast.using(descriptor).as(Integer.class);
  }

  /// Opens a pipe.
  ///
  /// @return the end to read from, then the end to write to
  public static List<FileDescriptor> pipe() throws IOException {
    try (AFPipe pipe = AFPipe.open()) {
      return duplicates(List.of(descriptor(pipe.source()), descriptor(pipe.sink())));
    }
  }

  private static FileDescriptor descriptor(Object channel) throws IOException {
    return ((FileDescriptorAccess) channel).getFileDescriptor();
  }

  private static List<FileDescriptor> duplicates(List<FileDescriptor> originals)
      throws IOException {
    List<FileDescriptor> duplicates = new ArrayList<>(originals.size());
    try {
      for (FileDescriptor original : originals) {
        duplicates.add(duplicate(original));
      }
      return duplicates;
    } catch (IOException | RuntimeException | Error e) {
      close(duplicates);
      throw e;
    }
  }

  /// Takes descriptors away from the junixsocket object that has them, which would close them
  /// together with itself. They become close-on-exec, which junixsocket does not see to.
  ///
  /// @throws IOException if this process has too many; all are closed then
  public static List<FileDescriptor> adopt(FileDescriptor... descriptors) throws IOException {
    try {
      return duplicates(List.of(descriptors));
    } finally {
      close(List.of(descriptors));
    }
  }
}
