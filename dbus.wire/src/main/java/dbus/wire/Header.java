package dbus.wire;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
    header.destination = call.sender().orElse(null);
    return header;
  }

  Header withBody(Body body) {
    Header copy = copy();
    copy.body = body;
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
    Header copy = copy();
    copy.unixFds = count;
    return copy;
  }

  /// Takes all names over as objects, and lets the received bytes go.
  private void detach(Header original) {
    path = original.path().orElse(null);
    interfaceName = original.interfaceName().orElse(null);
    member = original.member().orElse(null);
    errorName = original.errorName().orElse(null);
    destination = original.destination().orElse(null);
    sender = original.sender().orElse(null);
    data = NO_BYTES;
    pathAt = 0;
    interfaceAt = 0;
    memberAt = 0;
    errorNameAt = 0;
    destinationAt = 0;
    senderAt = 0;
  }

  private Header copy() {
    try {
      return (Header) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  Optional<ObjectPath> path() {
    ObjectPath found = path;
    if (found == null && pathAt != 0) {
      found = text(pathAt, ObjectPath::new);
      path = found;
    }
    return Optional.ofNullable(found);
  }

  Optional<InterfaceName> interfaceName() {
    InterfaceName found = interfaceName;
    if (found == null && interfaceAt != 0) {
      found = text(interfaceAt, InterfaceName::new);
      interfaceName = found;
    }
    return Optional.ofNullable(found);
  }

  Optional<MemberName> member() {
    MemberName found = member;
    if (found == null && memberAt != 0) {
      found = text(memberAt, MemberName::new);
      member = found;
    }
    return Optional.ofNullable(found);
  }

  Optional<ErrorName> errorName() {
    ErrorName found = errorName;
    if (found == null && errorNameAt != 0) {
      found = text(errorNameAt, ErrorName::new);
      errorName = found;
    }
    return Optional.ofNullable(found);
  }

  Optional<BusName> destination() {
    BusName found = destination;
    if (found == null && destinationAt != 0) {
      found = text(destinationAt, BusName::new);
      destination = found;
    }
    return Optional.ofNullable(found);
  }

  Optional<BusName> sender() {
    BusName found = sender;
    if (found == null && senderAt != 0) {
      found = text(senderAt, BusName::new);
      sender = found;
    }
    return Optional.ofNullable(found);
  }

  Body body() {
    Body found = body;
    if (found == null) {
      found =
          signature.isEmpty()
              ? Body.EMPTY
              : new Body(signature, little, data, bodyAt, bodyEnd, unixFds);
      body = found;
    }
    return found;
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
        && path().equals(that.path())
        && interfaceName().equals(that.interfaceName())
        && member().equals(that.member())
        && errorName().equals(that.errorName())
        && destination().equals(that.destination())
        && sender().equals(that.sender())
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
    path().ifPresent(name -> append(out, "path", name.value()));
    interfaceName().ifPresent(name -> append(out, "interface", name.value()));
    member().ifPresent(name -> append(out, "member", name.value()));
    errorName().ifPresent(name -> append(out, "error", name.value()));
    sender().ifPresent(name -> append(out, "sender", name.value()));
    destination().ifPresent(name -> append(out, "destination", name.value()));
    if (unixFds > 0) {
      out.append(" fds=").append(unixFds);
    }
    return out.append(' ').append(body()).toString();
  }

  private static void append(StringBuilder out, String field, String text) {
    out.append(' ').append(field).append('=').append(Excerpt.of(text));
  }

  /// Makes an object of a text that the decoder has found valid.
  private <T> T text(int at, Function<String, T> make) {
    int length = Bytes.getInt(data, at - 4, little);
    return make.apply(new String(data, at, length, StandardCharsets.ISO_8859_1));
  }
}
