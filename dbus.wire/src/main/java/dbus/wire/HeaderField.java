package dbus.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One field of a message's header: a code, and a value of any type.
///
/// Programs ask a message for what they need by name, such as [Message#sender()]. This is the view
/// of those who look at messages as such: monitors, tools, and who is told that a peer sends a
/// field that is not [Known]. The specification wants such a field ignored, and so it is: it is
/// listed here and means nothing.
///
/// ```java
/// for (HeaderField field : message.fields()) {
///   if (field.known().isEmpty()) {
///     log(field.code(), field.type());
///   }
/// }
/// ```
///
/// Immutable. A field of a received message is a view over the message's bytes, which it keeps in
/// memory; its value is made each time that it is asked for. D-Bus Specification, "Header Fields"
/// (MSG-11).
public final class HeaderField {
  static final int PATH = 1;
  static final int INTERFACE = 2;
  static final int MEMBER = 3;
  static final int ERROR_NAME = 4;
  static final int REPLY_SERIAL = 5;
  static final int DESTINATION = 6;
  static final int SENDER = 7;
  static final int SIGNATURE = 8;
  static final int UNIX_FDS = 9;

  /// The highest code that is known.
  static final int LAST = UNIX_FDS;

  private static final String TYPES = "?osssussgu";

  private final int code;

  // Either the value, or the message in whose bytes it stands as a variant.
  private final @Nullable Value value;
  private final byte[] data;
  private final int at;
  private final int end;
  private final boolean little;

  private HeaderField(int code, Value value) {
    this.code = code;
    this.value = value;
    this.data = new byte[0];
    this.at = 0;
    this.end = 0;
    this.little = false;
  }

  private HeaderField(int code, byte[] data, int at, int end, boolean little) {
    this.code = code;
    this.value = null;
    this.data = data;
    this.at = at;
    this.end = end;
    this.little = little;
  }

  /// The number that tells which field it is.
  ///
  /// @return 1 to 255
  public int code() {
    return code;
  }

  /// Which of the fields that the specification defines it is.
  ///
  /// @return the field, or empty if the specification does not define one with this code
  public Optional<Known> known() {
    return Known.ofCode(code);
  }

  /// The type of the value.
  ///
  /// @return a complete type; of a known field always [Known#type()]
  public Type type() {
    return value == null ? reader().nextType() : value.type();
  }

  /// The value.
  ///
  /// @return a value of the type, without a variant around it; a UNIX_FD in a field that is not
  ///   known may be any number, and means no descriptor
  public Value value() {
    return value == null ? reader().readValue() : value;
  }

  /// A cursor at the value, for those who do not want all of it as an object.
  ///
  /// @return a new cursor, with nothing to read but the value
  public WireReader reader() {
    if (value != null) {
      return Body.of(value).reader();
    }
    Signature variant = Signature.of(VariantType.VARIANT);
    WireReader reader = new WireReader(variant, data, at, end, little, false, UnixFds.NONE);
    reader.enterVariant();
    return reader;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HeaderField that && code == that.code && value().equals(that.value());
  }

  @Override
  public int hashCode() {
    return 31 * code + value().hashCode();
  }

  /// The name or number of the field, and the type of its value, for people.
  @Override
  public String toString() {
    return known().map(Known::name).orElse("field " + code) + " (" + type() + ")";
  }

  /// The type of a known field.
  static char type(int code) {
    return TYPES.charAt(code);
  }

  static String name(int code) {
    return Known.ALL.get(code - 1).name();
  }

  /// The fields of a message that was received, as they stand in its bytes, which are valid.
  static List<HeaderField> received(byte[] data, int start, boolean little) {
    int first = start + FixedHeader.LENGTH;
    int end = first + Bytes.getInt(data, first - 4, little);
    BodyValidator walk = new BodyValidator(data, little, BodyValidator.ANY_UNIX_FD);
    List<HeaderField> fields = new ArrayList<>();
    for (int at = first; at < end; ) {
      int field = Bytes.align(at, 8);
      try {
        at = walk.variant(field + 1, end, 0);
      } catch (InvalidMessageException e) {
        throw new IllegalStateException("the bytes of a message were changed", e);
      }
      fields.add(new HeaderField(data[field] & 0xff, data, field + 1, at, little));
    }
    return Collections.unmodifiableList(fields);
  }

  /// The fields of a message that was made here, as they would be written (MSG-23).
  static List<HeaderField> made(Header header) {
    List<HeaderField> fields = new ArrayList<>();
    ObjectPath path = header.path();
    if (path != null) {
      fields.add(new HeaderField(PATH, new Value.Path(path)));
    }
    addText(fields, INTERFACE, header.interfaceName());
    addText(fields, MEMBER, header.member());
    addText(fields, ERROR_NAME, header.errorName());
    addNumber(fields, REPLY_SERIAL, header.replySerial);
    addText(fields, DESTINATION, header.destination());
    addText(fields, SENDER, header.sender());
    Signature signature = header.body().signature();
    if (!signature.isEmpty()) {
      fields.add(new HeaderField(SIGNATURE, new Value.Sig(signature)));
    }
    addNumber(fields, UNIX_FDS, header.unixFds);
    return Collections.unmodifiableList(fields);
  }

  private static void addText(List<HeaderField> fields, int code, @Nullable Object name) {
    if (name != null) {
      fields.add(new HeaderField(code, new Value.Str(name.toString())));
    }
  }

  private static void addNumber(List<HeaderField> fields, int code, int number) {
    if (number != 0) {
      fields.add(new HeaderField(code, new Value.UInt32(number & 0xffff_ffffL)));
    }
  }

  /// The fields that the specification defines.
  public enum Known {
    /// The object that is called, or that emits a signal; code 1, OBJECT_PATH.
    PATH(HeaderField.PATH, BasicType.OBJECT_PATH, MessageType.METHOD_CALL, MessageType.SIGNAL),
    /// The interface of the method or signal; code 2, STRING.
    INTERFACE(HeaderField.INTERFACE, BasicType.STRING, MessageType.SIGNAL),
    /// The name of the method or signal; code 3, STRING.
    MEMBER(HeaderField.MEMBER, BasicType.STRING, MessageType.METHOD_CALL, MessageType.SIGNAL),
    /// The name of the error; code 4, STRING.
    ERROR_NAME(HeaderField.ERROR_NAME, BasicType.STRING, MessageType.ERROR),
    /// The serial of the call that is answered; code 5, UINT32.
    REPLY_SERIAL(
        HeaderField.REPLY_SERIAL, BasicType.UINT32, MessageType.METHOD_RETURN, MessageType.ERROR),
    /// For whom the message is meant; code 6, STRING.
    DESTINATION(HeaderField.DESTINATION, BasicType.STRING),
    /// From whom the message says it comes; code 7, STRING.
    SENDER(HeaderField.SENDER, BasicType.STRING),
    /// The types of the arguments; code 8, SIGNATURE.
    SIGNATURE(HeaderField.SIGNATURE, BasicType.SIGNATURE),
    /// How many file descriptors travel with the message; code 9, UINT32.
    UNIX_FDS(HeaderField.UNIX_FDS, BasicType.UINT32);

    private static final List<Known> ALL = List.of(values());

    private final int code;
    private final BasicType type;

    @SuppressWarnings("ImmutableEnumChecker") // It is unmodifiable.
    private final Set<MessageType> requiredBy;

    Known(int code, BasicType type, MessageType... requiredBy) {
      this.code = code;
      this.type = type;
      Set<MessageType> types = EnumSet.noneOf(MessageType.class);
      Collections.addAll(types, requiredBy);
      this.requiredBy = Collections.unmodifiableSet(types);
    }

    /// The field with a code.
    ///
    /// @param code any number
    /// @return the field, or empty if there is none
    public static Optional<Known> ofCode(int code) {
      return code >= 1 && code <= LAST ? Optional.of(ALL.get(code - 1)) : Optional.empty();
    }

    /// The number on the wire.
    ///
    /// @return 1 to 9
    public int code() {
      return code;
    }

    /// The type that the field has in every valid message.
    ///
    /// @return the type
    public BasicType type() {
      return type;
    }

    /// The types of messages that are invalid without this field.
    ///
    /// @return an unmodifiable set
    public Set<MessageType> requiredBy() {
      return requiredBy;
    }
  }
}
