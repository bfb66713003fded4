package dbus.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one signature; recursion is bounded by the limits on nesting, which are checked before
/// each step down.
final class SignatureParser {
  private final byte[] codes;
  private final short[] next;
  private final @Nullable Type[] typeAt;
  private final String text;
  private final int length;

  SignatureParser(byte[] bytes, int from, int length) {
    this.text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    this.length = length;
    if (length > Signature.MAX_LENGTH) {
      throw fault(
          Signature.MAX_LENGTH, "a signature has at most 255 bytes, this one has " + length);
    }
    this.codes = Singles.codesBehind(bytes, from, length);
    this.next = Singles.nextBehind(length);
    this.typeAt = Singles.typesBehind(length);
  }

  Signature parse() {
    List<Type> types = new ArrayList<>();
    int at = 0;
    while (at < length) {
      int after = completeType(at, 0, 0);
      types.add(type(at));
      at = after;
    }
    return new Signature(text, codes, next, typeAt, List.copyOf(types));
  }

  /// Reads the complete type at a place and returns the place behind it.
  private int completeType(int at, int arrays, int structs) {
    int after =
        switch (codes[at]) {
          case 'a' -> array(at, arrays, structs);
          case '(' -> struct(at, arrays, structs);
          case 'v' -> {
            typeAt[at] = VariantType.VARIANT;
            yield at + 1;
          }
          case '{' -> throw fault(at, "a dict entry occurs only as the element of an array");
          case ')' -> throw fault(at, "\")\" closes no struct, or one without fields");
          case '}' -> throw fault(at, "\"}\" closes no dict entry, or one without its value");
          case 0 -> throw faultAtEndOrByte(at);
          default -> {
            typeAt[at] = basicType(at).orElseThrow(() -> noType(at));
            yield at + 1;
          }
        };
    next[at] = (short) after;
    return after;
  }

  private int array(int at, int arrays, int structs) {
    if (arrays == Nesting.MAX_IN_SIGNATURE) {
      throw fault(at, "more than 32 arrays inside each other");
    }
    int element = at + 1;
    if (element == length) {
      throw fault(element, "the array lacks its element type");
    }
    int after =
        codes[element] == '{'
            ? dictEntry(element, arrays + 1, structs)
            : completeType(element, arrays + 1, structs);
    next[element] = (short) element;
    if (codes[element] == '(' || codes[element] == '{') {
      next[after - 1] = (short) element;
    }
    typeAt[at] = new ArrayType(type(element));
    return after;
  }

  private int struct(int at, int arrays, int structs) {
    if (structs == Nesting.MAX_IN_SIGNATURE) {
      throw fault(at, "more than 32 structs inside each other");
    }
    List<Type> fields = new ArrayList<>();
    int field = at + 1;
    while (codes[field] != ')') {
      int after = completeType(field, arrays, structs + 1);
      fields.add(type(field));
      field = after;
    }
    if (fields.isEmpty()) {
      throw fault(field, "a struct has at least one field");
    }
    typeAt[at] = new StructType(fields);
    next[field] = (short) (field + 1);
    return field + 1;
  }

  private int dictEntry(int at, int arrays, int structs) {
    int key = at + 1;
    if (key == length) {
      throw fault(key, "the dict entry is not closed");
    }
    BasicType keyType =
        basicType(key).orElseThrow(() -> fault(key, "the key of a dict entry is a basic type"));
    typeAt[key] = keyType;
    next[key] = (short) (key + 1);
    int value = key + 1;
    int close = completeType(value, arrays, structs);
    if (codes[close] != '}') {
      throw fault(close, "a dict entry has one key and one value, here \"}\" is missing");
    }
    typeAt[at] = new DictEntryType(keyType, type(value));
    return close + 1;
  }

  private Optional<BasicType> basicType(int at) {
    return BasicType.ofCode((char) (codes[at] & 0xff));
  }

  private Type type(int at) {
    Type type = typeAt[at];
    assert type != null;
    return type;
  }

  private InvalidSignatureException faultAtEndOrByte(int at) {
    return at == length ? fault(at, "a struct or dict entry is not closed") : noType(at);
  }

  private InvalidSignatureException noType(int at) {
    return fault(at, Excerpt.of(text.substring(at, at + 1)) + " is no type code");
  }

  private InvalidSignatureException fault(int at, String problem) {
    return new InvalidSignatureException(text, at, problem);
  }
}
