package dbus.wire;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Makes values of what was read from a text, of the type that is wanted.
final class TextValues {
  private final TextParser parser;
  private final TextTypes types;

  private TextValues(TextParser parser) {
    this.parser = parser;
    this.types = new TextTypes(parser);
  }

  /// Reads a value of any type.
  static Value parse(String text) {
    TextParser parser = new TextParser(text);
    TextNode node = parser.parse();
    TextValues values = new TextValues(parser);
    return values.make(node, values.types.infer(node));
  }

  /// Reads a value of one type.
  static Value parse(Type type, String text) {
    TextParser parser = new TextParser(text);
    TextNode node = parser.parse();
    return new TextValues(parser).make(node, type);
  }

  private Value make(TextNode node, Type type) {
    return switch (node) {
      case TextNode.Typed(int _, Type told, TextNode inner) when told.equals(type) ->
          make(inner, type);
      case TextNode.Truth(int _, boolean value) when type == BasicType.BOOLEAN ->
          new Value.Bool(value);
      case TextNode.Numeral number when type instanceof BasicType basic -> number(number, basic);
      case TextNode.Quoted quoted when type instanceof BasicType basic -> quoted(quoted, basic);
      case TextNode.ByteText(int _, String body)
          when type instanceof ArrayType(Type element) && element == BasicType.BYTE ->
          bytes(node, body);
      case TextNode.Boxed(int _, TextNode inner) when type == VariantType.VARIANT ->
          new Value.Variant(make(inner, types.infer(inner)));
      case TextNode.Items(int _, List<TextNode> items)
          when type instanceof ArrayType(DictEntryType entry) && items.isEmpty() ->
          new Value.Dict(entry, List.of());
      case TextNode.Items(int _, List<TextNode> items)
          when type instanceof ArrayType(Type element) && !(element instanceof DictEntryType) ->
          new Value.Array(element, items.stream().map(item -> make(item, element)).toList());
      case TextNode.Pairs pairs when type instanceof ArrayType(DictEntryType entry) ->
          dict(pairs, entry);
      case TextNode.Fields(int _, List<TextNode> fields)
          when type instanceof StructType(List<Type> fieldTypes)
              && fields.size() == fieldTypes.size() ->
          struct(fields, fieldTypes);
      default -> throw parser.fault(node.at(), "this is no value of type " + type);
    };
  }

  private Value dict(TextNode.Pairs pairs, DictEntryType type) {
    List<Value.Entry> entries = new ArrayList<>();
    for (int i = 0; i < pairs.keys().size(); i++) {
      entries.add(
          new Value.Entry(
              make(pairs.keys().get(i), type.key()), make(pairs.values().get(i), type.value())));
    }
    return new Value.Dict(type, entries);
  }

  private Value struct(List<TextNode> fields, List<Type> fieldTypes) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      values.add(make(fields.get(i), fieldTypes.get(i)));
    }
    return new Value.Struct(values);
  }

  private Value bytes(TextNode node, String body) {
    try {
      return Value.Array.ofBytes(TextBytes.parse(body));
    } catch (IllegalArgumentException e) {
      throw parser.fault(node.at(), String.valueOf(e.getMessage()));
    }
  }

  private Value quoted(TextNode.Quoted node, BasicType type) {
    try {
      return switch (type) {
        case STRING -> new Value.Str(node.text());
        case OBJECT_PATH -> new Value.Path(new ObjectPath(node.text()));
        case SIGNATURE -> new Value.Sig(Signature.parse(node.text()));
        default -> throw parser.fault(node.at(), "this is no value of type " + type);
      };
    } catch (InvalidValueTextException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw parser.fault(node.at(), String.valueOf(e.getMessage()));
    }
  }

  private Value number(TextNode.Numeral node, BasicType type) {
    try {
      if (type == BasicType.DOUBLE) {
        return new Value.Double(TextNumber.parseDouble(node.text()));
      }
      BigInteger integer = TextNumber.parseInteger(node.text());
      return switch (type) {
        case BYTE -> new Value.Byte(integer.intValueExact());
        case INT16 -> new Value.Int16(integer.shortValueExact());
        case UINT16 -> new Value.UInt16(integer.intValueExact());
        case INT32 -> new Value.Int32(integer.intValueExact());
        case UINT32 -> new Value.UInt32(integer.longValueExact());
        case INT64 -> new Value.Int64(integer.longValueExact());
        case UINT64 -> new Value.UInt64(integer);
        // Any, as in GLib's notation: what a value holds is printed, and what is printed can be
        // read.
        case UNIX_FD -> new Value.UnixFd(integer.intValueExact());
        default -> throw parser.fault(node.at(), "this is no value of type " + type);
      };
    } catch (NumberFormatException e) {
      throw parser.fault(node.at(), e.getMessage() + ", where one of type " + type + " is wanted");
    } catch (ArithmeticException _) {
      throw parser.fault(node.at(), "the number is out of the range of type " + type);
    } catch (InvalidValueTextException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw parser.fault(node.at(), String.valueOf(e.getMessage()));
    }
  }
}
