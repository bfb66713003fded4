package dbus.wire;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that the five kinds of messages have in common, and all fields of any of them.
///
/// A header is filled in by who makes it, and not changed after a message has been put around it;
/// the message's final field makes it safe for other threads. Only the names of a received message
/// are still to be turned into objects then. Threads may race there: each makes an equal immutable
/// object, and whichever stays is right.
final class Header implements Cloneable {
  /// Set on everything that is no call, as GDBus and libdbus do (MSG-10).
  static final int NO_REPLY = MessageFlag.bits(Set.of(MessageFlag.NO_REPLY_EXPECTED));

  private static final byte[] NO_BYTES = {};

  int typeCode;
  int flags;
  int serial;
  int replySerial;
  int unixFds;
  boolean little = Body.isLittle(ByteOrder.nativeOrder());

  /// The received message, or nothing.
  byte[] data = NO_BYTES;

  /// Where it begins.
  int start;

  /// Whether this is a copy made to say something else than the received message does.
  private boolean changed;

  // Where the texts of the fields begin in the received message, behind their lengths; 0 if absent.
  int pathAt;
  int interfaceAt;
  int memberAt;
  int errorNameAt;
  int destinationAt;
  int senderAt;

  @Nullable ObjectPath path;
  @Nullable InterfaceName interfaceName;
  @Nullable MemberName member;
  @Nullable ErrorName errorName;
  @Nullable BusName destination;
  @Nullable BusName sender;

  Signature signature = Signature.EMPTY;
  int bodyAt;
  int bodyEnd;

  /// Whether every text in the body was found to be ASCII.
  boolean ascii;

  @Nullable Body body = Body.EMPTY;

  Header(int typeCode) {
    this.typeCode = typeCode;
  }

  /// The header of an answer to a call.
  static Header reply(MessageType type, MethodCall call) {
    if (call.serial() == 0) {
      throw new IllegalArgumentException("a call without a serial cannot be answered: " + call);
    }
    Header header = new Header(type.code());
    header.flags = NO_REPLY;
    header.replySerial = call.serial();
    header.destination = call.header.sender();
    return header;
  }

  /// Makes this the header of a message that was received, but for its fields.
  void receive(byte[] data, int start, FixedHeader fixed) {
    this.data = data;
    this.start = start;
    little = fixed.little();
    flags = MessageFlag.known(fixed.flags());
    serial = fixed.serial();
    bodyAt = start + fixed.bodyAt();
    bodyEnd = bodyAt + fixed.bodyLength();
    body = null;
  }

  /// The header of another message that was received, with the same fields.
  Header again(byte[] data, int start, FixedHeader fixed) {
    Header copy = cloned();
    copy.receive(data, start, fixed);
    return copy;
  }

  /// What the fields of a received message say, without the message.
  Header fieldsOnly() {
    Header copy = cloned();
    copy.detach(this);
    return copy;
  }

  Header withBody(Body body) {
    Header copy = copy();
    copy.body = body;
    copy.unixFds = body.unixFds().size();
    copy.little = Body.isLittle(body.byteOrder());
    // The lengths of names that are not objects yet would be read in the new byte order.
    copy.detach(this);
    return copy;
  }

  Header withFlags(MessageFlag... flags) {
    Header copy = copy();
    copy.flags = MessageFlag.bits(List.of(flags));
    return copy;
  }

  Header withSerial(int serial) {
    Header copy = copy();
    copy.serial = serial;
    return copy;
  }

  Header withDestination(BusName destination) {
    Header copy = copy();
    copy.destination = destination;
    return copy;
  }

  Header withSender(BusName sender) {
    Header copy = copy();
    copy.sender = sender;
    return copy;
  }

  Header withUnixFds(int count) {
    if (count < 0 || count > Ranges.MAX_UNIX_FDS) {
      throw new IllegalArgumentException("a message has 0 to 253 file descriptors, not " + count);
    }
    // The body needs as many as its own message declared, whatever is declared from here on.
    Body needy = body();
    Header copy = copy();
    copy.body = needy;
    copy.unixFds = count;
    return copy;
  }

  Header withUnixFds(UnixFds unixFds) {
    Header copy = copy();
    copy.body = body().withUnixFds(unixFds);
    copy.unixFds = unixFds.size();
    return copy;
  }

  /// Takes all names over as objects, and lets the received bytes go.
  private void detach(Header original) {
    path = original.path();
    interfaceName = original.interfaceName();
    member = original.member();
    errorName = original.errorName();
    destination = original.destination();
    sender = original.sender();
    data = NO_BYTES;
    pathAt = 0;
    interfaceAt = 0;
    memberAt = 0;
    errorNameAt = 0;
    destinationAt = 0;
    senderAt = 0;
  }

  private Header copy() {
    Header copy = cloned();
    copy.changed = true;
    return copy;
  }

  private Header cloned() {
    try {
      return (Header) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  @Nullable ObjectPath path() {
    ObjectPath found = path;
    if (found == null && pathAt != 0) {
      found = name(pathAt, NameCache.PATHS);
      path = found;
    }
    return found;
  }

  @Nullable InterfaceName interfaceName() {
    InterfaceName found = interfaceName;
    if (found == null && interfaceAt != 0) {
      found = name(interfaceAt, NameCache.INTERFACES);
      interfaceName = found;
    }
    return found;
  }

  @Nullable MemberName member() {
    MemberName found = member;
    if (found == null && memberAt != 0) {
      found = name(memberAt, NameCache.MEMBERS);
      member = found;
    }
    return found;
  }

  @Nullable ErrorName errorName() {
    ErrorName found = errorName;
    if (found == null && errorNameAt != 0) {
      found = name(errorNameAt, NameCache.ERRORS);
      errorName = found;
    }
    return found;
  }

  @Nullable BusName destination() {
    BusName found = destination;
    if (found == null && destinationAt != 0) {
      found = name(destinationAt, NameCache.BUS_NAMES);
      destination = found;
    }
    return found;
  }

  @Nullable BusName sender() {
    BusName found = sender;
    if (found == null && senderAt != 0) {
      found = name(senderAt, NameCache.BUS_NAMES);
      sender = found;
    }
    return found;
  }

  Body body() {
    Body found = body;
    if (found == null) {
      found =
          signature.isEmpty()
              ? Body.EMPTY
              : new Body(signature, little, data, bodyAt, bodyEnd, unixFds, ascii);
      body = found;
    }
    return found;
  }

  List<HeaderField> fields() {
    return data.length == 0 || changed
        ? HeaderField.made(this)
        : HeaderField.received(data, start, little);
  }

  ByteOrder byteOrder() {
    return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /// Equality by meaning, whatever the byte order and whether received or made.
  boolean isSameAs(Header that) {
    return typeCode == that.typeCode
        && flags == that.flags
        && serial == that.serial
        && replySerial == that.replySerial
        && unixFds == that.unixFds
        && Objects.equals(path(), that.path())
        && Objects.equals(interfaceName(), that.interfaceName())
        && Objects.equals(member(), that.member())
        && Objects.equals(errorName(), that.errorName())
        && Objects.equals(destination(), that.destination())
        && Objects.equals(sender(), that.sender())
        && body().equals(that.body());
  }

  int hash() {
    return Objects.hash(
        typeCode, serial, replySerial, path(), interfaceName(), member(), errorName(), body());
  }

  /// One line for people; its length is bounded, and it shows no arguments, which may be secret.
  String describe(String kind) {
    StringBuilder out = new StringBuilder(kind);
    if (serial != 0) {
      out.append(" #").append(Integer.toUnsignedString(serial));
    }
    if (replySerial != 0) {
      out.append(" to #").append(Integer.toUnsignedString(replySerial));
    }
    append(out, "path", path());
    append(out, "interface", interfaceName());
    append(out, "member", member());
    append(out, "error", errorName());
    append(out, "sender", sender());
    append(out, "destination", destination());
    if (unixFds > 0) {
      out.append(" fds=").append(unixFds);
    }
    return out.append(' ').append(body()).toString();
  }

  private static void append(StringBuilder out, String field, @Nullable Object name) {
    if (name != null) {
      out.append(' ').append(field).append('=').append(Excerpt.of(name.toString()));
    }
  }

  /// Makes a name of a text that the decoder has found valid.
  private <T> T name(int at, NameCache<T> cache) {
    return cache.get(data, at, Bytes.getInt(data, at - 4, little));
  }

  /// Whether the path or the interface is reserved for local messages (NAME-10).
  boolean isReserved() {
    return ObjectPath.LOCAL.equals(path()) || InterfaceName.LOCAL.equals(interfaceName());
  }
}
