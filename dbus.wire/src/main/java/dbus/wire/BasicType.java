package dbus.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The types that hold no other type. Only these may be the key of a [DictEntryType].
///
/// D-Bus Specification, "Basic types".
public enum BasicType implements Type {
  /// `y`, an unsigned 8-bit integer.
  BYTE('y', 1, true),
  /// `b`, a 32-bit 0 or 1.
  BOOLEAN('b', 4, true),
  /// `n`, a signed 16-bit integer.
  INT16('n', 2, true),
  /// `q`, an unsigned 16-bit integer.
  UINT16('q', 2, true),
  /// `i`, a signed 32-bit integer.
  INT32('i', 4, true),
  /// `u`, an unsigned 32-bit integer.
  UINT32('u', 4, true),
  /// `x`, a signed 64-bit integer.
  INT64('x', 8, true),
  /// `t`, an unsigned 64-bit integer.
  UINT64('t', 8, true),
  /// `d`, an IEEE 754 double.
  DOUBLE('d', 8, true),
  /// `s`, UTF-8 text without NUL.
  STRING('s', 4, false),
  /// `o`, the path of an object.
  OBJECT_PATH('o', 4, false),
  /// `g`, zero or more complete types.
  SIGNATURE('g', 1, false),
  /// `h`, an index into the file descriptors that travel with the message.
  UNIX_FD('h', 4, true);

  private static final @Nullable BasicType[] BY_CODE = new BasicType[128];

  static {
    for (BasicType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final char code;
  private final int alignment;
  private final boolean fixedSize;

  BasicType(char code, int alignment, boolean fixedSize) {
    this.code = code;
    this.alignment = alignment;
    this.fixedSize = fixedSize;
  }

  /// The basic type with a code.
  ///
  /// @param code a type code, such as `i`
  /// @return the type, or empty if no basic type has this code
  public static Optional<BasicType> ofCode(char code) {
    return code < BY_CODE.length ? Optional.ofNullable(BY_CODE[code]) : Optional.empty();
  }

  @Override
  public char code() {
    return code;
  }

  @Override
  public int alignment() {
    return alignment;
  }

  /// Whether every value of this type takes the same number of bytes, namely [#alignment()].
  ///
  /// @return false for the three types of text
  public boolean isFixedSize() {
    return fixedSize;
  }

  @Override
  public String toString() {
    return String.valueOf(code);
  }
}
