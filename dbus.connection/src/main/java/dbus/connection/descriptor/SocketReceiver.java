package dbus.connection.descriptor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.newsclub.net.unix.FileDescriptorCast;

/// Reads from a socket with `recvmsg(2)` of Linux, with room for as many file descriptors as can
/// come at once.
///
/// junixsocket has room for 60, and loses what it has received when more come. Here they are all
/// known, and close-on-exec from the beginning. By one thread at a time.
public final class SocketReceiver {

  /// As many descriptors as Linux lets travel with one message, `SCM_MAX_FD`.
  public static final int MAX_DESCRIPTORS = 253;

  // From the headers of Linux, for all processors with 64 bits.
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
  private static final int EINTR = 4;

  private static final MemoryLayout MSGHDR =
      MemoryLayout.structLayout(
          ADDRESS.withName("name"),
          JAVA_INT.withName("namelen"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("iov"),
          JAVA_LONG.withName("iovlen"),
          ADDRESS.withName("control"),
          JAVA_LONG.withName("controllen"),
          JAVA_INT.withName("flags"),
          MemoryLayout.paddingLayout(4));

  private static final VarHandle IOV = MSGHDR.varHandle(PathElement.groupElement("iov"));
  private static final VarHandle IOVLEN = MSGHDR.varHandle(PathElement.groupElement("iovlen"));
  private static final VarHandle CONTROL = MSGHDR.varHandle(PathElement.groupElement("control"));
  private static final VarHandle CONTROLLEN =
      MSGHDR.varHandle(PathElement.groupElement("controllen"));
  private static final VarHandle FLAGS = MSGHDR.varHandle(PathElement.groupElement("flags"));

  /// `struct cmsghdr`: a length, a level, and a type; then the descriptors.
  private static final long CMSG_HEADER = 16;

  private static final long CONTROL_BYTES = CMSG_HEADER + MAX_DESCRIPTORS * 4L + 4;

  private static final Optional<MethodHandle> RECVMSG = find();

  private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  private final MethodHandle recvmsg;
  private final int socket;
  private final MemorySegment message;
  private final MemorySegment vector;
  private final MemorySegment control;
  private final MemorySegment callState;
  private List<FileDescriptor> received = List.of();

  private SocketReceiver(MethodHandle recvmsg, int socket) {
    this.recvmsg = recvmsg;
    this.socket = socket;
    Arena arena = Arena.ofAuto();
    message = arena.allocate(MSGHDR);
    vector = arena.allocate(ADDRESS.byteSize() + JAVA_LONG.byteSize(), ADDRESS.byteAlignment());
    control = arena.allocate(CONTROL_BYTES, JAVA_LONG.byteAlignment());
    callState = arena.allocate(CALL_STATE);
  }

  // Only where the module may; where it may not, there is junixsocket.
  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> find() {
    boolean may =
        SocketReceiver.class.getModule().isNativeAccessEnabled()
            && System.getProperty("os.name").equals("Linux")
            && ADDRESS.byteSize() == 8;
    if (!may) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("recvmsg")
        .map(address ->
            linker.downcallHandle(
                address,
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
                Linker.Option.captureCallState("errno")));
  }

  /// A receiver for a socket, which must not be closed while somebody is in [#read].
  ///
  /// @return empty if this is not Linux, or if native access is not enabled for this module
  /// @throws IOException if the socket is closed
  public static Optional<SocketReceiver> of(FileDescriptor socket) throws IOException {
    if (RECVMSG.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new SocketReceiver(RECVMSG.get(), Descriptors.number(socket)));
  }

  /// Waits for bytes.
  ///
  /// @param bytes a direct buffer with room
  /// @return how many have come; -1 at the end of the stream
  /// @throws IOException if reading fails
  public int read(ByteBuffer bytes) throws IOException {
    vector.set(ADDRESS, 0, MemorySegment.ofBuffer(bytes));
    vector.set(JAVA_LONG, ADDRESS.byteSize(), bytes.remaining());
    IOV.set(message, 0L, vector);
    IOVLEN.set(message, 0L, 1L);
    CONTROL.set(message, 0L, control);
    long count;
    do {
      CONTROLLEN.set(message, 0L, CONTROL_BYTES);
      count = call();
    } while (count < 0 && errno() == EINTR);
    if (count < 0) {
      throw new IOException("reading from the socket failed: error " + errno());
    }
    takeDescriptors();
    if (count == 0) {
      return -1;
    }
    bytes.position(bytes.position() + (int) count);
    return (int) count;
  }

  private long call() {
    try {
      return (long) recvmsg.invokeExact(callState, socket, message, MSG_CMSG_CLOEXEC);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private int errno() {
    return (int) ERRNO.get(callState, 0L);
  }

  private void takeDescriptors() throws IOException {
    long length = (long) CONTROLLEN.get(message, 0L);
    boolean truncated = ((int) FLAGS.get(message, 0L) & MSG_CTRUNC) != 0;
    if (length < CMSG_HEADER && !truncated) {
      return;
    }
    List<FileDescriptor> came = new ArrayList<>();
    for (long at = 0; at + CMSG_HEADER <= length; ) {
      long part = control.get(JAVA_LONG, at);
      if (control.get(JAVA_INT, at + 8) == SOL_SOCKET
          && control.get(JAVA_INT, at + 12) == SCM_RIGHTS) {
        for (long one = at + CMSG_HEADER; one + 4 <= at + part; one += 4) {
          int number = control.get(JAVA_INT, one);
          came.add(FileDescriptorCast.unsafeUsing(number).getFileDescriptor());
        }
      }
      at += Math.max(CMSG_HEADER, (part + 7) & -8);
    }
    if (truncated) {
      Descriptors.close(came);
      throw new IOException("more file descriptors came than this process can take");
    }
    received = came;
  }

  /// The descriptors that came with the bytes read last. They belong to the caller.
  public List<FileDescriptor> take() {
    List<FileDescriptor> taken = received;
    received = List.of();
    return taken;
  }
}
