package dbus.wire;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What every message answers in the same way.
abstract class AbstractMessage {
  final Header header;

  AbstractMessage(Header header) {
    this.header = header;
  }

  public MessageType type() {
    return MessageType.ofCode(header.typeCode);
  }

  public Set<MessageFlag> flags() {
    return MessageFlag.set(header.flags);
  }

  public boolean noReplyExpected() {
    return MessageFlag.NO_REPLY_EXPECTED.isIn(header.flags);
  }

  public int serial() {
    return header.serial;
  }

  public Optional<BusName> sender() {
    return Optional.ofNullable(header.sender());
  }

  public Optional<BusName> destination() {
    return Optional.ofNullable(header.destination());
  }

  public List<HeaderField> fields() {
    return header.fields();
  }

  public Body body() {
    return header.body();
  }

  public int unixFds() {
    return header.unixFds;
  }

  public int retainedBytes() {
    return Math.max(header.data.length, header.body().length());
  }

  public ByteOrder byteOrder() {
    return header.byteOrder();
  }

  public String describe() {
    return MessageDescription.of(getClass().getSimpleName(), header);
  }

  // The class need not be compared: it follows from the type code.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AbstractMessage that && header.isSameAs(that.header);
  }

  @Override
  public int hashCode() {
    return header.hash();
  }

  /// One line for people, of bounded length and without the arguments.
  @Override
  public String toString() {
    return header.describe(getClass().getSimpleName());
  }
}
