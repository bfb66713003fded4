package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dbus.wire.Body;
import dbus.wire.BusName;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Signature;
import dbus.wire.UnknownMessage;
import dbus.wire.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.statistics.Statistics;

/// This library and libdbus agree on what is a message and on what is in it, but for the lines of
/// the conformance list that are named here and in [LibDBusDifferences].
@AddLifecycleHook(NeedsLibDBus.class)
class LibDBusProperties {
  private static final int NO_MESSAGE = -1;
  private static final LibDBus.Validator SIGNATURE = LibDBus.validator("dbus_signature_validate");
  private static final LibDBus.Validator PATH = LibDBus.validator("dbus_validate_path");
  private static final LibDBus.Validator INTERFACE = LibDBus.validator("dbus_validate_interface");
  private static final LibDBus.Validator MEMBER = LibDBus.validator("dbus_validate_member");
  private static final LibDBus.Validator ERROR_NAME = LibDBus.validator("dbus_validate_error_name");
  private static final LibDBus.Validator BUS_NAME = LibDBus.validator("dbus_validate_bus_name");

  @Property(tries = 10_000)
  @Label("dbus_message_demarshal: the same verdict, the same header fields, values and bytes")
  void demarshal(@ForAll("anyBytes") byte[] bytes) {
    Statistics.label("this library, libdbus, because of")
        .collect(compare(bytes))
        .coverage(seen -> {
          seen.check("both accept").count(n -> n > 1000);
          seen.check("both refuse").count(n -> n > 1000);
          seen.check("libdbus alone accepts: FD-05").count(n -> n > 100);
          seen.check("libdbus alone refuses: FD-03").count(n -> n > 100);
        });
  }

  @Property(tries = 40)
  @Label("dbus_message_demarshal: the same for every one-bit change of a valid message")
  void demarshalOneBitChanges(@ForAll("validBytes") byte[] bytes) {
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      Statistics.label("this library, libdbus, because of").collect(compare(changed));
    }
  }

  @Property(tries = 2000)
  @Label("WIRE-22 dbus_message_demarshal: the same verdict at the limit of depth")
  void demarshalDeepValues(@ForAll("deepMessages") byte[] bytes) {
    Statistics.label("this library, libdbus, because of")
        .collect(compare(bytes))
        .coverage(seen -> {
          seen.check("both accept").count(n -> n > 20);
          seen.check("both refuse").count(n -> n > 20);
          seen.check("libdbus alone accepts: WIRE-22").count(n -> n > 5);
        });
  }

  @Example
  @Label("NAME-10 a name is reserved, not what begins like it; libdbus compares only so far")
  void likeReserved() throws InvalidMessageException {
    byte[] bytes =
        MessageEncoder.encode(
            MethodCall.of(
                new ObjectPath("/"),
                new InterfaceName("org.freedesktop.DBus.Locally"),
                new MemberName("a")),
            1,
            ByteOrder.LITTLE_ENDIAN);

    assertTrue(Decoding.first(bytes).isPresent());
    assertTrue(LibDBusMessage.of(bytes).isEmpty());
  }

  @Example
  @Label("NAME-07 libdbus lets unique names of one element pass, and of none")
  void lenientUniqueNames() {
    for (String name : List.of(":", ":0", ":a", ":.a", ":.1")) {
      assertTrue(BUS_NAME.accepts(name), name);
      assertFalse(BusName.isValid(name), name);
    }
  }

  /// Says how the two judge a message, and fails if the difference is not one that is known.
  private static String compare(byte[] bytes) {
    int length = compareLengths(bytes);
    if (length == NO_MESSAGE) {
      return "both refuse";
    }
    if (length == 0 || length > bytes.length) {
      return "need more";
    }
    byte[] whole = Arrays.copyOf(bytes, length);
    try (LibDBusMessage theirs = LibDBusMessage.of(whole).orElse(null)) {
      Message ours;
      try {
        ours = Decoding.first(whole).orElseThrow();
      } catch (InvalidMessageException e) {
        return theirs == null
            ? "both refuse"
            : "libdbus alone accepts: "
                + LibDBusDifferences.reasonToRefuse(e, theirs, whole)
                    .orElseGet(() -> fail("only this library refuses " + hex(whole), e));
      }
      if (theirs == null) {
        return "libdbus alone refuses: "
            + LibDBusDifferences.reasonOfLibDBusToRefuse(ours, whole)
                .orElseGet(() -> fail("only libdbus refuses " + hex(whole)));
      }
      assertSameHeader(ours, theirs);
      assertEquals(theirs.values(), ours.body().values());
      assertSameBytes(ours, theirs.marshal());
      return "both accept";
    }
  }

  /// Returns the length of the message that begins the bytes, 0 if too few are there to know it, or
  /// that they begin none.
  private static int compareLengths(byte[] bytes) {
    int theirs = LibDBus.bytesNeeded(bytes);
    try {
      int ours = MessageDecoder.messageLength(ByteBuffer.wrap(bytes)).orElse(0);
      assertEquals(theirs, ours, () -> hex(bytes));
      return ours;
    } catch (InvalidMessageException e) {
      switch (e.violation()) {
        case BYTE_ORDER, MESSAGE_TOO_LONG -> assertEquals(-1, theirs, () -> hex(bytes));
        // libdbus sees these when the whole message is there; MSG-03: also that of 2^26 to 2^27.
        case MESSAGE_TYPE, PROTOCOL_VERSION, SERIAL_ZERO, HEADER_TOO_LONG ->
            assertTrue(
                theirs == -1 || theirs > bytes.length || LibDBusMessage.of(bytes).isEmpty(),
                () -> hex(bytes));
        default -> fail("not to be found in 16 bytes", e);
      }
      return NO_MESSAGE;
    }
  }

  private static void assertSameHeader(Message ours, LibDBusMessage theirs) {
    Optional<ObjectPath> path = Optional.empty();
    Optional<InterfaceName> interfaceName = Optional.empty();
    Optional<MemberName> member = Optional.empty();
    Optional<ErrorName> errorName = Optional.empty();
    int replySerial = 0;
    int type = ours.type().code();
    switch (ours) {
      case MethodCall call -> {
        path = Optional.of(call.path());
        interfaceName = call.interfaceName();
        member = Optional.of(call.member());
      }
      case Signal signal -> {
        path = Optional.of(signal.path());
        interfaceName = Optional.of(signal.interfaceName());
        member = Optional.of(signal.member());
      }
      case MethodReturn reply -> replySerial = reply.replySerial();
      case ErrorMessage error -> {
        errorName = Optional.of(error.errorName());
        replySerial = error.replySerial();
      }
      case UnknownMessage unknown -> type = unknown.typeCode();
    }
    assertEquals(theirs.number("type"), type);
    assertEquals(theirs.number("serial"), ours.serial());
    assertEquals(theirs.number("no_reply") != 0, ours.noReplyExpected());
    assertEquals(
        theirs.number("auto_start") == 0, ours.flags().contains(MessageFlag.NO_AUTO_START));
    assertEquals(
        theirs.number("allow_interactive_authorization") != 0,
        ours.flags().contains(MessageFlag.ALLOW_INTERACTIVE_AUTHORIZATION));
    assertEquals(theirs.text("sender"), ours.sender().map(BusName::value));
    assertEquals(theirs.text("destination"), ours.destination().map(BusName::value));
    assertEquals(theirs.text("signature").orElse(""), ours.body().signature().toString());
    // MSG-17: a field that the type does not need is for libdbus there nevertheless.
    path.ifPresent(p -> assertEquals(theirs.text("path"), Optional.of(p.value())));
    if (ours instanceof MethodCall || ours instanceof Signal) {
      assertEquals(theirs.text("interface"), interfaceName.map(InterfaceName::value));
    }
    member.ifPresent(m -> assertEquals(theirs.text("member"), Optional.of(m.value())));
    errorName.ifPresent(n -> assertEquals(theirs.text("error_name"), Optional.of(n.value())));
    if (replySerial != 0) {
      assertEquals(theirs.number("reply_serial"), replySerial);
    }
  }

  /// libdbus has brought its message into native order, as it does when arguments are read.
  private static void assertSameBytes(Message ours, byte[] marshalled) {
    try {
      Message again = Decoding.first(marshalled).orElseThrow();
      assertEquals(ours, again);
      if (!ours.body().isEmpty()) {
        assertEquals(again.body().bytes(), ours.body().withByteOrder(again.byteOrder()).bytes());
      }
    } catch (InvalidMessageException e) {
      fail("libdbus has marshalled " + hex(marshalled), e);
    }
  }

  @Property(tries = 500)
  @Label("WIRE-33 dbus_message_iter_append: libdbus writes the same values as the same bytes")
  void append(@ForAll("bodies") Body body) throws InvalidMessageException {
    List<Value> values = body.values();
    // libdbus wants a real descriptor.
    Assume.that(Common.requiredUnixFds(values) == 0);
    try (LibDBusMessage call = LibDBusMessage.call(values)) {
      Message theirs = Decoding.first(call.marshal()).orElseThrow();

      assertEquals(body.withByteOrder(ByteOrder.nativeOrder()).bytes(), theirs.body().bytes());
      assertEquals(values, theirs.body().values());
    }
  }

  @Property(tries = 10_000)
  @Label("WIRE-30, WIRE-31 dbus_signature_validate: the same verdict")
  void signatures(@ForAll("signatureTexts") String text) {
    assertEquals(SIGNATURE.accepts(text), Signature.isValid(text), text);
  }

  @Example
  @Label("SEC-24 all signatures of up to 6 characters of aiv(){}: libdbus, and a simple parser")
  void shortSignatures() {
    assertEquals(137_257, compareFrom("", 6));
  }

  private static int compareFrom(String text, int more) {
    boolean valid = Signature.isValid(text);
    assertEquals(ReferenceGrammar.isSignature(text), valid, text);
    assertEquals(SIGNATURE.accepts(text), valid, text);
    int compared = 1;
    if (more > 0) {
      for (char c : "aiv(){}".toCharArray()) {
        compared += compareFrom(text + c, more - 1);
      }
    }
    return compared;
  }

  @Property(tries = 10_000)
  @Label("NAME-01 to NAME-08 dbus_validate_…: the same verdict on names and paths")
  void names(@ForAll("nameTexts") String text) {
    assertEquals(PATH.accepts(text), ObjectPath.isValid(text), text);
    assertEquals(INTERFACE.accepts(text), InterfaceName.isValid(text), text);
    assertEquals(MEMBER.accepts(text), MemberName.isValid(text), text);
    assertEquals(ERROR_NAME.accepts(text), ErrorName.isValid(text), text);
    assertEquals(
        BUS_NAME.accepts(text),
        // NAME-07: libdbus does not count the elements of a unique name.
        BusName.isValid(text)
            || (text.length() <= 255 && text.matches(LibDBusDifferences.LENIENT_UNIQUE_NAME)),
        text);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /// Without descriptors, for libdbus refuses what lacks its own.
  @Provide
  Arbitrary<byte[]> validBytes() {
    return MessageArbitraries.messages()
        .filter(message -> message.unixFds() == 0)
        .map(message -> MessageEncoder.encode(message, message.serial(), message.byteOrder()));
  }

  @Provide
  Arbitrary<byte[]> anyBytes() {
    return MessageBytes.any();
  }

  /// Values up to the limit, in up to two containers more, of which none could write the last.
  @Provide
  Arbitrary<byte[]> deepMessages() {
    return DeepBytes.any();
  }

  @Provide
  Arbitrary<Body> bodies() {
    return MessageArbitraries.bodies();
  }

  @Provide
  Arbitrary<String> signatureTexts() {
    return WireTexts.signatures().filter(text -> text.indexOf(0) < 0);
  }

  @Provide
  Arbitrary<String> nameTexts() {
    return WireTexts.names().filter(text -> text.indexOf(0) < 0);
  }
}
