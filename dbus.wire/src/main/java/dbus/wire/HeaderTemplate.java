package dbus.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The header that was written last for one type of message, kept as bytes.
///
/// Most messages say what the one before said, but for their numbers, and these stand at places
/// that are known. So the rest is copied, and only the numbers are written. Names are compared by
/// identity: programs keep them as constants, and those of received messages come from a
/// [NameCache].
final class HeaderTemplate {
  /// A longer header is not kept: an encoder lives as long as its connection.
  private static final int MAX_LENGTH = 1024;

  /// The bytes, up to where the body begins; `length` is 0 as long as nothing is kept.
  private byte[] bytes = {};

  private int length;

  // Where the numbers stand that may differ; 0 if the header has none.
  private int replySerialAt;
  private int unixFdsAt;

  // What the bytes say.
  private boolean little;
  private Signature signature = Signature.EMPTY;
  private @Nullable ObjectPath path;
  private @Nullable InterfaceName interfaceName;
  private @Nullable MemberName member;
  private @Nullable ErrorName errorName;
  private @Nullable BusName destination;
  private @Nullable BusName sender;

  /// How long the header is, with what pads it; 0 if none is kept.
  int length() {
    return length;
  }

  /// Whether a header of the same type of message differs in its numbers only. If it has the same
  /// names as other objects, the answer is no, which costs time and does no harm.
  @SuppressWarnings("ReferenceEquality")
  boolean fits(Header header, Signature signature, boolean little) {
    return length != 0
        && this.little == little
        && this.signature == signature
        && member == header.member()
        && path == header.path()
        && interfaceName == header.interfaceName()
        && destination == header.destination()
        && sender == header.sender()
        && errorName == header.errorName()
        && (replySerialAt == 0) == (header.replySerial == 0)
        && (unixFdsAt == 0) == (header.unixFds == 0);
  }

  /// Writes the header, which fits, and returns where its body begins.
  int put(byte[] data, int start, Header header, int serial, int bodyLength) {
    System.arraycopy(bytes, 0, data, start, length);
    data[start + 2] = (byte) MessageFlag.known(header.flags);
    Bytes.putInt(data, start + 4, bodyLength, little);
    Bytes.putInt(data, start + 8, serial, little);
    if (replySerialAt != 0) {
      Bytes.putInt(data, start + replySerialAt, header.replySerial, little);
    }
    if (unixFdsAt != 0) {
      Bytes.putInt(data, start + unixFdsAt, header.unixFds, little);
    }
    return start + length;
  }

  /// Keeps a header that was written from `start` to `body`; its numbers stand so many bytes behind
  /// `start`.
  void keep(
      byte[] data,
      int start,
      int body,
      Header header,
      Signature signature,
      boolean little,
      int replySerialAt,
      int unixFdsAt) {
    if (body - start > MAX_LENGTH) {
      return;
    }
    length = body - start;
    if (length > bytes.length) {
      bytes = Arrays.copyOfRange(data, start, body);
    } else {
      System.arraycopy(data, start, bytes, 0, length);
    }
    this.replySerialAt = replySerialAt;
    this.unixFdsAt = unixFdsAt;
    this.little = little;
    this.signature = signature;
    path = header.path();
    interfaceName = header.interfaceName();
    member = header.member();
    errorName = header.errorName();
    destination = header.destination();
    sender = header.sender();
  }
}
