package dbus.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Every kind of memory that a [ByteBuffer] can stand for. Each gives room for some bytes in the
/// middle of other bytes, none of which is 0.
enum MemoryKind {
  ARRAY {
    @Override
    ByteBuffer allocate(int size) {
      return ByteBuffer.allocate(size);
    }
  },
  /// Whose first byte is not that of its array.
  SLICE_OF_ARRAY {
    @Override
    ByteBuffer allocate(int size) {
      return ByteBuffer.allocate(size + 8).slice(5, size);
    }
  },
  HEAP_SEGMENT {
    @Override
    ByteBuffer allocate(int size) {
      return MemorySegment.ofArray(new byte[size + 3]).asSlice(3).asByteBuffer();
    }
  },
  DIRECT {
    @Override
    ByteBuffer allocate(int size) {
      return ByteBuffer.allocateDirect(size);
    }
  },
  SLICE_OF_DIRECT {
    @Override
    ByteBuffer allocate(int size) {
      return ByteBuffer.allocateDirect(size + 8).slice(3, size);
    }
  },
  NATIVE_SEGMENT {
    @Override
    ByteBuffer allocate(int size) {
      return Arena.ofAuto().allocate(size).asByteBuffer();
    }
  },
  MAPPED {
    @Override
    ByteBuffer allocate(int size) {
      try {
        Path file = Files.createTempFile("memory", null);
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          return channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
        } finally {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  /// A buffer of this size at position 0.
  abstract ByteBuffer allocate(int size);

  /// Room for some bytes between `before` others and 9 more: from its position to its limit.
  ByteBuffer room(int before, int length) {
    ByteBuffer buffer = allocate(before + length + 9);
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, (byte) 0xa5);
    }
    // The order of the buffer is the wrong one for one of the two orders of messages.
    return buffer.order(ByteOrder.BIG_ENDIAN).position(before).limit(before + length);
  }

  /// Some bytes between others.
  ByteBuffer holding(int before, byte[] bytes) {
    ByteBuffer buffer = room(before, bytes.length);
    buffer.duplicate().put(bytes);
    return buffer;
  }
}
