package dbus.connection.transport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// What a [Transport] pushes into.
///
/// The calls never overlap, and each sees all that the one before it did, whatever thread it is on;
/// but for one case: while a call of [#received] or [#resumed] is still running, its thread may be
/// relieved by [Transport#readElsewhere]. That call returns false at some time, and counts no more.
public interface Receiver {

  /// Bytes have come, at least one, and perhaps file descriptors with them.
  ///
  /// @param bytes to be read to its end; belongs to the transport again on a return of true
  /// @param unixFds one set at most, which came with one of these bytes; they belong to the
  ///   receiver, which closes them
  /// @return whether the calling thread still reads; if not, it is to leave, and to touch nothing
  ///   of the reading any more: another one reads, or nobody does until [Transport#readElsewhere]
  boolean received(ByteBuffer bytes, List<FileDescriptor> unixFds);

  /// The calling thread is to go on with the bytes that were received last.
  ///
  /// @return as for [#received]
  boolean resumed();

  /// Nothing has come for a while. The calling thread leaves; another one will bring what comes.
  default void paused() {}

  /// Nothing more will come; the last call.
  ///
  /// @param failure why, if it was not the end of the stream
  void ended(Optional<IOException> failure);
}
