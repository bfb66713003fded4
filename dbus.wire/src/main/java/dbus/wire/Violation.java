package dbus.wire;

/// The rules of the specification that bytes from a peer can break. Each breach ends the
/// connection.
public enum Violation {
  /// The first byte is neither `l` nor `B` (WIRE-06).
  BYTE_ORDER,
  /// The message type is 0 (MSG-05).
  MESSAGE_TYPE,
  /// The protocol version is not 1 (MSG-04).
  PROTOCOL_VERSION,
  /// The serial is 0 (MSG-07).
  SERIAL_ZERO,
  /// The message is longer than 128 MiB, or than the lower limit that was set (MSG-03).
  MESSAGE_TOO_LONG,
  /// The array of header fields is longer than 64 MiB (MSG-03).
  HEADER_TOO_LONG,
  /// A header field has code 0 (MSG-12).
  FIELD_CODE_ZERO,
  /// A known header field has another type than its own (MSG-14).
  FIELD_TYPE,
  /// A known header field occurs twice (MSG-15).
  FIELD_TWICE,
  /// A header field that the message type requires is missing (MSG-18).
  FIELD_MISSING,
  /// The reply serial is 0 (MSG-19).
  REPLY_SERIAL_ZERO,
  /// A header field or a value is no object path (NAME-08, MSG-20, WIRE-29).
  OBJECT_PATH,
  /// The header's interface is no interface name (NAME-02, MSG-20).
  INTERFACE_NAME,
  /// The header's member is no member name (NAME-04, MSG-20).
  MEMBER_NAME,
  /// The header's error name is none (NAME-03, MSG-20).
  ERROR_NAME,
  /// The header's sender or destination is no bus name (NAME-05, NAME-06, MSG-20).
  BUS_NAME,
  /// The path or interface reserved for local messages came from outside (NAME-10).
  RESERVED_NAME,
  /// A padding byte is not 0 (WIRE-08).
  PADDING,
  /// A BOOLEAN is neither 0 nor 1 (WIRE-24).
  BOOLEAN,
  /// A string is not UTF-8, or holds NUL (WIRE-25).
  UTF8,
  /// A string, path, or signature is not followed by a NUL (WIRE-28).
  TERMINATOR,
  /// A signature is invalid (WIRE-30, WIRE-21).
  SIGNATURE,
  /// The signature of a variant is not exactly one complete type (WIRE-19).
  VARIANT_SIGNATURE,
  /// More than 64 containers inside each other (WIRE-22).
  TOO_DEEP,
  /// An array is longer than 64 MiB (WIRE-13).
  ARRAY_TOO_LONG,
  /// The length of an array is no multiple of its elements' size (WIRE-14).
  ARRAY_LENGTH,
  /// A value runs past the end of the array, header, or body that holds it (WIRE-15, MSG-22).
  OVERRUN,
  /// There is a signature but no body (MSG-21).
  BODY_MISSING,
  /// There is a body but no signature (MSG-21).
  BODY_WITHOUT_SIGNATURE,
  /// The body is longer than the values of its signature (MSG-22).
  BODY_TOO_LONG,
  /// A UNIX_FD is an index beyond the descriptors of the message (FD-05).
  UNIX_FD_INDEX,
  /// The message declares more descriptors than any system can send with one (FD-06).
  TOO_MANY_UNIX_FDS
}
