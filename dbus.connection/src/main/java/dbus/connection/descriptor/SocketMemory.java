package dbus.connection.descriptor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dbus.connection.pool.Pool;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The memory that a socket shares with the kernel: a `struct msghdr`, the `struct iovec` and the
/// control data that it points to, and room for the numbers of errors.
///
/// It is used again by later sockets. Who has taken one uses it alone; the receiving half and the
/// sending half may be used by a thread each.
final class SocketMemory {

  /// As many descriptors as Linux lets travel with one message, `SCM_MAX_FD`.
  static final int MAX_DESCRIPTORS = 253;

  // struct msghdr
  private static final long IOV = 16;
  private static final long IOVLEN = 24;
  private static final long CONTROL = 32;
  private static final long CONTROLLEN = 40;
  private static final long FLAGS = 48;
  private static final long MSGHDR_BYTES = 56;

  /// `struct cmsghdr`: a length, a level, and a type; then the descriptors.
  static final long CMSG_HEADER = 16;

  static final long CONTROL_BYTES = CMSG_HEADER + MAX_DESCRIPTORS * 4L + 4;

  /// How many are kept for later.
  private static final int KEPT = 256;

  private static final Pool<SocketMemory> POOL = new Pool<>(KEPT, SocketMemory::new);

  /// One for all threads: whether it failed matters, and hardly how. To shut a socket down must
  /// take neither memory nor a descriptor, which may be what is missing.
  static final MemorySegment ERRNO_OF_SHUTDOWN = SystemCalls.memory(SystemCalls.ERRNO_BYTES);

  final MemorySegment message;
  private final MemorySegment vector;
  final MemorySegment control;

  /// Of the thread that receives.
  final MemorySegment receiveErrno;

  /// Of the thread that sends.
  final MemorySegment sendErrno;

  private SocketMemory() {
    MemorySegment all =
        SystemCalls.memory(MSGHDR_BYTES + 16 + CONTROL_BYTES + 2 * SystemCalls.ERRNO_BYTES + 16);
    message = all.asSlice(0, MSGHDR_BYTES);
    vector = all.asSlice(MSGHDR_BYTES, 16);
    control = all.asSlice(MSGHDR_BYTES + 16, CONTROL_BYTES);
    long errnos = (MSGHDR_BYTES + 16 + CONTROL_BYTES + 7) & -8;
    receiveErrno = all.asSlice(errnos, SystemCalls.ERRNO_BYTES);
    sendErrno = all.asSlice((errnos + SystemCalls.ERRNO_BYTES + 7) & -8, SystemCalls.ERRNO_BYTES);
    message.set(ADDRESS, IOV, vector);
    message.set(JAVA_LONG, IOVLEN, 1);
    message.set(ADDRESS, CONTROL, control);
  }

  static SocketMemory take() {
    return POOL.take();
  }

  static void giveBack(SocketMemory memory) {
    POOL.giveBack(memory);
  }

  /// Points the message to the bytes between the buffer's position and its limit.
  ///
  /// @param bytes a direct buffer
  /// @param controlBytes how long the control data is, or may become
  void point(ByteBuffer bytes, long controlBytes) {
    vector.set(ADDRESS, 0, MemorySegment.ofBuffer(bytes));
    vector.set(JAVA_LONG, ADDRESS.byteSize(), bytes.remaining());
    message.set(JAVA_LONG, CONTROLLEN, controlBytes);
  }

  /// How long the control data is that has come.
  long controlLength() {
    return message.get(JAVA_LONG, CONTROLLEN);
  }

  int flags() {
    return message.get(JAVA_INT, FLAGS);
  }
}
