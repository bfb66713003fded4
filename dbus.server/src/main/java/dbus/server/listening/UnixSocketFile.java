package dbus.server.listening;

import dbus.address.AddressValue;
import dbus.address.UnixPath;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.UnixSockets;
import dbus.server.listening.Leftovers.Leftover;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The file of a listening socket, from before it can be reached until it is removed.
///
/// A socket is bound in a directory that only its owner may enter, given its mode there, and then
/// linked to its place. So at no moment can anybody reach it who may not, and nothing that stands
/// at its place is ever replaced by accident: a link does not overwrite.
final class UnixSocketFile implements Leftover {

  private static final Logger LOG = System.getLogger(UnixSocketFile.class.getName());

  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final Path path;

  /// The device and inode of the socket that was bound: at its path there may be another by now.
  private final @Nullable Object key;

  private final Acceptor acceptor;
  private final Leftovers leftovers;

  private UnixSocketFile(Path path, @Nullable Object key, Acceptor acceptor, Leftovers leftovers) {
    this.path = path;
    this.key = key;
    this.acceptor = acceptor;
    this.leftovers = leftovers;
  }

  /// Makes a socket and puts it in its place. A socket that a dead server left there is removed; a
  /// live one, or anything that is not a socket, stays and is an error.
  ///
  /// @param leftovers where the file belongs until it is removed
  static UnixSocketFile create(
      Path path, SocketFileAccess access, UnixSockets unixSockets, Leftovers leftovers)
      throws IOException {
    Path absolute = path.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new NoSuchFileException(path.toString(), null, "its directory does not exist");
    }
    // The name is short because it counts towards the limit of a socket's path.
    Path workshop = PrivateDirectory.make(parent, ".d", 6);
    Path socket = workshop.resolve("s");
    Leftover inProgress = () -> clear(socket, workshop);
    Leftovers.REMOVED.add(inProgress);
    Acceptor acceptor = null;
    UnixSocketFile file = null;
    try {
      requireRoom(socket, parent);
      acceptor = unixSockets.bind(socket);
      access.applyTo(socket);
      // Asked before it is in its place, where somebody else might put another.
      file = new UnixSocketFile(absolute, keyOf(socket), acceptor, leftovers);
      leftovers.add(file);
      putInPlace(socket, absolute, workshop);
      return file;
    } catch (IOException | RuntimeException e) {
      if (acceptor != null) {
        acceptor.close();
      }
      if (file != null) {
        leftovers.drop(file);
      }
      throw e;
    } finally {
      clear(socket, workshop);
      Leftovers.REMOVED.drop(inProgress);
    }
  }

  /// The socket is bound in the private directory, under a name that may be longer than its own.
  private static void requireRoom(Path socket, Path directory) throws IOException {
    int length = AddressValue.of(socket).length();
    if (length > UnixPath.MAX_BYTES) {
      throw new FileSystemException(
          directory.toString(),
          null,
          "a socket is made in a private directory in it first, and for that its path is %s bytes too long"
              .formatted(length - UnixPath.MAX_BYTES));
    }
  }

  /// What cannot be removed is a nuisance, and no reason to fail a server that listens already.
  private static void clear(Path socket, Path workshop) {
    try {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(workshop);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the private directory " + workshop + " could not be removed", e);
    }
  }

  private static void putInPlace(Path socket, Path place, Path workshop) throws IOException {
    try {
      Files.createLink(place, socket);
    } catch (FileAlreadyExistsException occupied) {
      try {
        removeStale(place, workshop.resolve("stale"));
      } catch (NoSuchFileException goneMeanwhile) {
        LOG.log(Level.DEBUG, "the socket that was there has just been removed", goneMeanwhile);
      }
      Files.createLink(place, socket);
    }
  }

  private static void removeStale(Path place, Path aside) throws IOException {
    if (!isSocket(place)) {
      throw new FileAlreadyExistsException(
          place.toString(), null, "it is not a socket; remove it or choose another path");
    }
    Object probed = keyOf(place);
    requireDead(place);
    // Between the probe and now somebody else may have put a socket there: take it away first, then
    // look which one it is.
    Files.move(place, aside);
    if (!String.valueOf(probed).equals(String.valueOf(keyOf(aside)))) {
      Files.createLink(place, aside);
      Files.delete(aside);
      throw new BindException(place + ": another server has just begun to listen there");
    }
    Files.delete(aside);
  }

  private static boolean isSocket(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & FILE_TYPE) == SOCKET;
  }

  private static void requireDead(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // Not blocking: a live server whose backlog is full would hold up a blocking connect.
      probe.configureBlocking(false);
      var _ = probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException refused) {
      return;
    } catch (IOException e) {
      BindException failure =
          new BindException(path + ": a socket is there, and may be another server's");
      failure.initCause(e);
      throw failure;
    }
    throw new BindException(path + ": another server listens there");
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /// The socket, listening since before its file was in place.
  Acceptor acceptor() {
    return acceptor;
  }

  /// Removes the file if it still is the one that was made here.
  @Override
  public void remove() throws IOException {
    leftovers.drop(this);
    try {
      if (key != null && key.equals(keyOf(path))) {
        Files.delete(path);
      }
    } catch (NoSuchFileException goneAlready) {
      return;
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
