package dbus.connection;

import dbus.auth.Credentials;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.transport.ConnectedSocket;
import dbus.connection.transport.Transport;
import dbus.wire.BasicType;
import dbus.wire.Codec;
import dbus.wire.Type;
import dbus.wire.UnixFdHandle;
import dbus.wire.WireReader;
import dbus.wire.WireWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open file descriptor of this process, which can travel to a peer: a file, a pipe, a socket.
///
/// It belongs to exactly one owner, who closes it. As an argument or a result it has the codec
/// [#UNIX_FD]:
///
/// ```java
/// Interface logs =
///     Interface.named("com.example.Logs1")
///         .method(
///             "Open",
///             in("name", STRING),
///             out("log", UNIX_FD),
///             name -> UnixFd.of(new FileInputStream(directory.resolve(name).toFile()).getFD()))
///         .method(
///             "Count",
///             in("log", UNIX_FD),
///             out("bytes", INT64),
///             log -> log.inputStream().transferTo(OutputStream.nullOutputStream()))
///         .build();
/// ```
///
/// **Sending** hands it over, whatever comes of it: it is closed once it has left, and closed if
/// the message could not be sent. Who wants to keep it sends a [#duplicate()]. A result of a
/// handler is sent.
///
/// **Received** with a call or a signal, it belongs to the library: it is closed when the handler
/// has returned and the call is answered, unless the handler has [taken][#take()] it. Received with
/// a reply, it belongs to the caller.
///
/// One that everybody forgot is closed by the garbage collector, with a warning in the log: when
/// that happens, nobody can tell.
///
/// All methods may be called from any thread; closing it while another thread reads from it is as
/// dangerous as with any file descriptor.
public final class UnixFd implements UnixFdHandle {

  /// `h`, as an argument, result or part of one.
  ///
  /// The same descriptor may be written several times in a message; it is one. What is read belongs
  /// to the message, with which it is closed, unless it is [taken][#take()] or is closed before.
  public static final Codec<UnixFd> UNIX_FD = new UnixFdCodec();

  private static final Logger LOG = System.getLogger(UnixFd.class.getName());

  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().name("dbus-forgotten-fds").daemon().factory());

  private final Holder holder;
  private final Cleanable cleanable;

  private UnixFd(FileDescriptor descriptor) {
    holder = new Holder(descriptor);
    cleanable = CLEANER.register(this, holder);
  }

  /// Takes over an open descriptor, from whatever has it now, such as a [FileInputStream]. That
  /// must not be used or closed any more. (The garbage collector leaves the descriptor alone.)
  ///
  /// @throws IllegalArgumentException if it is closed
  public static UnixFd of(FileDescriptor descriptor) {
    if (!descriptor.valid()) {
      throw new IllegalArgumentException("the file descriptor is closed");
    }
    return new UnixFd(descriptor);
  }

  /// Opens a pipe: what is written to one end is read from the other.
  ///
  /// @throws IOException if this process has too many descriptors, among other reasons
  public static Pipe pipe() throws IOException {
    List<FileDescriptor> ends = Descriptors.pipe();
    return new Pipe(of(ends.getFirst()), of(ends.getLast()));
  }

  /// The two ends of a pipe.
  public record Pipe(UnixFd reader, UnixFd writer) {}

  /// Makes a pair of unix stream sockets that are connected: what is written to one is read from
  /// the other, and descriptors pass. Where one of them is sent to a peer, D-Bus may be spoken with
  /// that peer at the other; see [#transport()].
  ///
  /// @throws IOException if this process has too many descriptors, among other reasons
  public static SocketPair socketPair() throws IOException {
    List<FileDescriptor> ends = dbus.connection.descriptor.SocketPair.open();
    return new SocketPair(of(ends.getFirst()), of(ends.getLast()));
  }

  /// Two sockets that are connected to each other, and alike.
  public record SocketPair(UnixFd one, UnixFd other) {}

  /// A second descriptor for the same file, pipe or socket, which belongs to the caller.
  ///
  /// @throws IOException if this process has too many descriptors
  /// @throws IllegalStateException if this one is closed or taken
  public UnixFd duplicate() throws IOException {
    return of(Descriptors.duplicate(fileDescriptor()));
  }

  /// Makes the caller the owner, of a descriptor that came with a message in particular: what is
  /// returned is closed by nobody else. This object is of no more use then.
  ///
  /// @throws IllegalStateException if this one is closed or taken
  public UnixFd take() {
    return of(release());
  }

  /// Whether there is still something to use and to close.
  public boolean isOpen() {
    return holder.isOpen();
  }

  /// Reads from it. The stream and this object are one: closing either closes both. It has a
  /// [channel][FileInputStream#getChannel()].
  ///
  /// @throws IllegalStateException if this one is closed or taken
  public FileInputStream inputStream() {
    return new Input(this, fileDescriptor());
  }

  /// Writes to it. The stream and this object are one: closing either closes both. It has a
  /// [channel][FileOutputStream#getChannel()].
  ///
  /// @throws IllegalStateException if this one is closed or taken
  public FileOutputStream outputStream() {
    return new Output(this, fileDescriptor());
  }

  /// Reads from it and writes to it, as from and to a socket. The channel and this object are one:
  /// closing either closes both.
  ///
  /// @throws IllegalStateException if this one is closed or taken
  public ByteChannel channel() {
    return new Duplex(inputStream(), outputStream());
  }

  /// Takes it over as the way to a peer, if it is a connected stream socket, of unix or the
  /// internet protocol: for [DBusConnection#serverSide], [DBusConnection#clientSide], or a server's
  /// `serve`. The transport closes it. This object is of no more use then; on an exception it is as
  /// it was.
  ///
  /// The kernel tells who made a pair, and not who has its other end by now; see [ConnectedSocket].
  ///
  /// @throws IOException if it is something else; it tells what
  /// @throws IllegalStateException if this one is closed or taken
  public Transport transport() throws IOException {
    return handedTo(ConnectedSocket.of(fileDescriptor()));
  }

  /// As [#transport()], where it is known who the peer is.
  ///
  /// @param peer who it is, on the caller's word: a server lets it in as that user
  /// @throws IOException as [#transport()]
  /// @throws IllegalStateException if this one is closed or taken
  public Transport transport(Credentials peer) throws IOException {
    return handedTo(ConnectedSocket.of(fileDescriptor(), peer));
  }

  private Transport handedTo(Transport owner) {
    try {
      var _ = release();
      return owner;
    } catch (IllegalStateException closedMeanwhile) {
      owner.close();
      throw closedMeanwhile;
    }
  }

  /// The same as Java knows it, for whatever can use that. It still belongs to this object, which
  /// must be kept as long.
  ///
  /// @throws IllegalStateException if this one is closed or taken
  public FileDescriptor fileDescriptor() {
    return holder.get();
  }

  /// Closes it, unless it is closed, or taken.
  @Override
  public void close() {
    FileDescriptor descriptor = forget();
    if (descriptor != null) {
      Descriptors.close(descriptor);
    }
  }

  private @Nullable FileDescriptor forget() {
    FileDescriptor descriptor = holder.remove();
    cleanable.clean();
    return descriptor;
  }

  /// Ends the ownership of this object.
  private FileDescriptor release() {
    FileDescriptor descriptor = forget();
    if (descriptor == null || !descriptor.valid()) {
      throw Holder.gone();
    }
    return descriptor;
  }

  /// The number that the operating system knows it by, for people.
  @Override
  public String toString() {
    try {
      return isOpen() ? "UnixFd " + Descriptors.number(fileDescriptor()) : "UnixFd, closed";
    } catch (IOException | IllegalStateException e) {
      return "UnixFd, closed";
    }
  }

  /// What the garbage collector closes when nobody has the [UnixFd] any more; so it knows nothing
  /// of it. Empty once somebody has closed it, or has become another owner.
  private static final class Holder implements Runnable {

    private @Nullable FileDescriptor descriptor;

    Holder(FileDescriptor descriptor) {
      this.descriptor = descriptor;
    }

    synchronized boolean isOpen() {
      return descriptor != null && descriptor.valid();
    }

    synchronized FileDescriptor get() {
      if (descriptor == null || !descriptor.valid()) {
        throw gone();
      }
      return descriptor;
    }

    synchronized @Nullable FileDescriptor remove() {
      FileDescriptor removed = descriptor;
      descriptor = null;
      return removed;
    }

    static IllegalStateException gone() {
      return new IllegalStateException("the file descriptor is closed, or somebody else's now");
    }

    @Override
    public void run() {
      FileDescriptor forgotten = remove();
      if (forgotten != null && forgotten.valid()) {
        LOG.log(
            Level.WARNING,
            "a file descriptor was forgotten, and is closed by the garbage collector: close each"
                + " UnixFd, or the UnixFds of a message");
        Descriptors.close(forgotten);
      }
    }
  }

  /// Keeps its owner, so that the garbage collector takes both or none.
  private static final class Input extends FileInputStream {

    private final UnixFd owner;

    Input(UnixFd owner, FileDescriptor descriptor) {
      super(descriptor);
      this.owner = owner;
    }

    @Override
    public void close() throws IOException {
      // Before the descriptor is closed, which closes all other streams on it from within.
      owner.forget();
      super.close();
    }
  }

  /// Keeps its owner, so that the garbage collector takes both or none.
  private static final class Output extends FileOutputStream {

    private final UnixFd owner;

    Output(UnixFd owner, FileDescriptor descriptor) {
      super(descriptor);
      this.owner = owner;
    }

    @Override
    public void close() throws IOException {
      // Before the descriptor is closed, which closes all other streams on it from within.
      owner.forget();
      super.close();
    }
  }

  /// Both directions. To close one of the streams is to close the descriptor, and so the other.
  private record Duplex(FileInputStream in, FileOutputStream out) implements ByteChannel {

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return in.getChannel().read(bytes);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return out.getChannel().write(bytes);
    }

    @Override
    public boolean isOpen() {
      return in.getChannel().isOpen();
    }

    @Override
    public void close() throws IOException {
      try (in) {
        out.close();
      }
    }
  }

  private static final class UnixFdCodec implements Codec<UnixFd> {

    @Override
    public Type type() {
      return BasicType.UNIX_FD;
    }

    @Override
    public UnixFd read(WireReader reader) {
      return (UnixFd) reader.readUnixFdHandle();
    }

    @Override
    public void write(WireWriter writer, UnixFd value) {
      writer.writeUnixFdHandle(value);
    }

    @Override
    public String toString() {
      return "Codec[h]";
    }
  }
}
