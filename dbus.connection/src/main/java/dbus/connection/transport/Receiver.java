package dbus.connection.transport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// What a [Transport] pushes into. Calls of [#received] and [#ended] never overlap, and each sees
/// all that the one before it did, whatever thread it is on.
public interface Receiver {

  /// Bytes have come, at least one, and perhaps file descriptors with them.
  ///
  /// @param bytes to be read to its end; belongs to the transport again on return
  /// @param unixFds one set at most, which came with one of these bytes; they belong to the
  ///   receiver, which closes them
  void received(ByteBuffer bytes, List<FileDescriptor> unixFds);

  /// Nothing more will come; the last call.
  ///
  /// @param failure why, if it was not the end of the stream
  void ended(Optional<IOException> failure);
}
