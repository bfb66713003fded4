package dbus.connection.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dbus.auth.Credentials;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.FileDescriptorCast;

/// A connected unix socket in blocking mode, used with the functions of Linux.
///
/// junixsocket could do all of this, but has room for 60 descriptors in a read, and loses what it
/// has received when more come; copies what it writes; and asks the kernel a dozen things about
/// each socket that it makes. Here as many descriptors can come as Linux lets through,
/// close-on-exec from the beginning.
///
/// One thread at a time receives, and one at a time sends. [#shutdown()] may be called at any time
/// before [#close()], and ends what the two wait for. Nobody may be in any other method when
/// [#close()] is called, nor come later: the kernel may give the number to somebody else at once.
public final class LinuxSocket {

  /// As many descriptors as Linux lets travel with one message, `SCM_MAX_FD`.
  public static final int MAX_DESCRIPTORS = SocketMemory.MAX_DESCRIPTORS;

  // struct sockaddr_un: its family, and then its path.
  private static final int NAME_BYTES = 110;
  private static final int PATH = 2;

  private static final byte[] NO_NAME = {};

  private final int socket;
  private final @Nullable Closeable owner;
  private final byte[] peerName;
  private final SocketMemory memory = SocketMemory.take();
  private List<FileDescriptor> received = List.of();

  private LinuxSocket(int socket, @Nullable Closeable owner, byte[] peerName) {
    this.socket = socket;
    this.owner = owner;
    this.peerName = peerName;
  }

  /// Whether this is Linux, and native access is enabled for this module.
  public static boolean isSupported() {
    return SystemCalls.AVAILABLE;
  }

  /// Waits for the next peer at a listening socket, which must stay open meanwhile; to shut it down
  /// ends the wait.
  ///
  /// @param listening the number of its descriptor
  /// @throws IOException if none can be accepted
  public static LinuxSocket accept(int listening) throws IOException {
    SocketMemory memory = SocketMemory.take();
    MemorySegment name = memory.control.asSlice(0, NAME_BYTES);
    MemorySegment length = memory.control.asSlice(NAME_BYTES + 2, 4);
    length.set(JAVA_INT, 0, NAME_BYTES);
    int accepted = SystemCalls.accept(memory.receiveErrno, listening, name, length);
    if (accepted < 0) {
      SocketMemory.giveBack(memory);
      throw SystemCalls.failure("accepting failed", accepted);
    }
    try {
      // The length that it is told is that of the whole name, though there may be no room for it.
      int end = Math.min(length.get(JAVA_INT, 0), NAME_BYTES);
      byte[] path = end <= PATH ? NO_NAME : path(name.asSlice(PATH, end - PATH));
      return new LinuxSocket(accepted, null, path);
    } catch (RuntimeException | Error e) {
      // Memory may be short; nobody else knows the number.
      int _ = SystemCalls.close(memory.receiveErrno, accepted);
      throw e;
    } finally {
      SocketMemory.giveBack(memory);
    }
  }

  /// Without the NUL that may end it, but with the one that an abstract name begins with.
  private static byte[] path(MemorySegment name) {
    byte[] path = name.toArray(JAVA_BYTE);
    int end = path.length;
    while (end > 1 && path[0] != 0 && path[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(path, end);
  }

  /// Uses a connected socket of somebody else, who must not use it meanwhile.
  ///
  /// @param owner is closed instead of the socket
  /// @throws IOException if it is closed
  public static LinuxSocket of(FileDescriptor connected, Closeable owner) throws IOException {
    return new LinuxSocket(Descriptors.number(connected), owner, NO_NAME);
  }

  /// Ends every wait at a socket, whoever owns it.
  ///
  /// @throws IOException if it is closed
  public static void shutdown(FileDescriptor socket) throws IOException {
    int _ = shutdown(Descriptors.number(socket));
  }

  /// Who was at the other end when the connection was made; [Credentials#UNKNOWN] if the kernel
  /// does not say.
  public Credentials peer() {
    // Of the receiving half; nothing is received yet, or it is this thread that does.
    MemorySegment value = memory.control.asSlice(0, 12);
    MemorySegment length = memory.control.asSlice(12, 4);
    length.set(JAVA_INT, 0, 12);
    int result =
        SystemCalls.option(memory.receiveErrno, socket, SystemCalls.SO_PEERCRED, value, length);
    return result < 0
        ? Credentials.UNKNOWN
        : Credentials.ofSocket(
            Integer.toUnsignedLong(value.get(JAVA_INT, 4)),
            Integer.toUnsignedLong(value.get(JAVA_INT, 8)),
            value.get(JAVA_INT, 0));
  }

  /// The path that the socket of a peer is bound to which was accepted here, or its abstract name
  /// with the NUL in front; empty if it has none, as most have.
  public byte[] peerName() {
    return peerName.clone();
  }

  /// Has [#read] return 0 if nothing has come for that long. To be called before anything is read.
  public void limitWait(Duration most) {
    MemorySegment time = memory.control.asSlice(0, 16);
    time.set(JAVA_LONG, 0, most.toSeconds());
    time.set(JAVA_LONG, 8, most.toNanosPart() / 1000);
    int result =
        SystemCalls.setOption(memory.receiveErrno, socket, SystemCalls.SO_RCVTIMEO, time, 16);
    assert result == 0 : result;
  }

  /// The number of its descriptor; of no other open one in this process.
  public int number() {
    return socket;
  }

  /// Waits for bytes.
  ///
  /// @param bytes a direct buffer with room
  /// @return how many have come; -1 at the end of the stream; 0 if none have come for as long as
  ///   [#limitWait] says
  /// @throws IOException if reading fails
  public int read(ByteBuffer bytes) throws IOException {
    long count;
    do {
      memory.point(bytes, SocketMemory.CONTROL_BYTES);
      count = SystemCalls.receive(memory.receiveErrno, socket, memory.message);
    } while (count == -SystemCalls.EINTR);
    if (count == -SystemCalls.EAGAIN) {
      return 0;
    }
    if (count < 0) {
      throw SystemCalls.failure("recvmsg failed", count);
    }
    takeDescriptors();
    if (count == 0) {
      return -1;
    }
    bytes.position(bytes.position() + (int) count);
    return (int) count;
  }

  private void takeDescriptors() throws IOException {
    long length = memory.controlLength();
    boolean truncated = (memory.flags() & SystemCalls.MSG_CTRUNC) != 0;
    if (length < SocketMemory.CMSG_HEADER && !truncated) {
      return;
    }
    MemorySegment control = memory.control;
    List<FileDescriptor> came = new ArrayList<>();
    for (long at = 0; at + SocketMemory.CMSG_HEADER <= length; ) {
      long part = control.get(JAVA_LONG, at);
      if (control.get(JAVA_INT, at + 8) == SystemCalls.SOL_SOCKET
          && control.get(JAVA_INT, at + 12) == SystemCalls.SCM_RIGHTS) {
        for (long one = at + SocketMemory.CMSG_HEADER; one + 4 <= at + part; one += 4) {
          int number = control.get(JAVA_INT, one);
          came.add(FileDescriptorCast.unsafeUsing(number).getFileDescriptor());
        }
      }
      at += Math.max(SocketMemory.CMSG_HEADER, (part + 7) & -8);
    }
    if (truncated) {
      Descriptors.close(came);
      throw new DescriptorsLostException();
    }
    received = came;
  }

  /// The descriptors that came with the bytes read last. They belong to the caller.
  public List<FileDescriptor> take() {
    List<FileDescriptor> taken = received;
    received = List.of();
    return taken;
  }

  /// Writes some bytes.
  ///
  /// @param bytes a direct buffer
  /// @param waits until one byte at least is written; if not, none may be
  /// @throws IOException if writing fails
  public void write(ByteBuffer bytes, boolean waits) throws IOException {
    wrote(
        bytes,
        SystemCalls.send(
            memory.sendErrno,
            socket,
            MemorySegment.ofBuffer(bytes),
            bytes.remaining(),
            flags(waits)),
        waits);
  }

  private static int flags(boolean waits) {
    return waits ? 0 : SystemCalls.MSG_DONTWAIT;
  }

  /// Writes some bytes, and with the first of them all the descriptors.
  ///
  /// @param bytes a direct buffer
  /// @param waits until one byte at least is written; if not, none may be
  /// @throws DescriptorsRefusedException if the descriptors cannot travel; nothing is written then
  /// @throws IOException if writing fails
  public void write(ByteBuffer bytes, List<FileDescriptor> descriptors, boolean waits)
      throws IOException {
    SocketMemory outgoing = SocketMemory.take();
    try {
      long end = SocketMemory.CMSG_HEADER + 4L * descriptors.size();
      outgoing.control.set(JAVA_LONG, 0, end);
      outgoing.control.set(JAVA_INT, 8, SystemCalls.SOL_SOCKET);
      outgoing.control.set(JAVA_INT, 12, SystemCalls.SCM_RIGHTS);
      for (int i = 0; i < descriptors.size(); i++) {
        outgoing.control.set(
            JAVA_INT, SocketMemory.CMSG_HEADER + 4L * i, Descriptors.number(descriptors.get(i)));
      }
      outgoing.point(bytes, (end + 7) & -8);
      long count = SystemCalls.send(outgoing.sendErrno, socket, outgoing.message, flags(waits));
      if (isAboutDescriptors(count)) {
        throw new DescriptorsRefusedException(
            String.valueOf(SystemCalls.failure("sending failed", count).getMessage()));
      }
      wrote(bytes, count, waits);
    } finally {
      SocketMemory.giveBack(outgoing);
    }
  }

  /// The socket itself is open and connected, or was: these are never about it.
  private static boolean isAboutDescriptors(long result) {
    return result == -SystemCalls.EBADF
        || result == -SystemCalls.EINVAL
        || result == -SystemCalls.EPERM
        || result == -SystemCalls.ETOOMANYREFS;
  }

  private static void wrote(ByteBuffer bytes, long count, boolean waits) throws IOException {
    if (count == -SystemCalls.EAGAIN && !waits) {
      return;
    }
    if (count < 0) {
      throw SystemCalls.failure("sendmsg failed", count);
    }
    bytes.position(bytes.position() + (int) count);
  }

  /// Ends both directions, for both sides.
  ///
  /// @throws IOException if the peer has ended both already, among other reasons
  public void shutdown() throws IOException {
    int result = shutdown(socket);
    if (result < 0) {
      throw SystemCalls.failure("shutting the socket down failed", result);
    }
  }

  private static int shutdown(int socket) {
    return SystemCalls.shutdown(SocketMemory.ERRNO_OF_SHUTDOWN, socket);
  }

  /// Gives the descriptor back. To be called once.
  ///
  /// @throws IOException if that failed; it is given back all the same
  public void close() throws IOException {
    Descriptors.close(take());
    int result = owner == null ? SystemCalls.close(memory.receiveErrno, socket) : 0;
    SocketMemory.giveBack(memory);
    if (owner != null) {
      owner.close();
    }
    if (result < 0) {
      throw SystemCalls.failure("closing the socket failed", result);
    }
  }
}
