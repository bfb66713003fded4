package dbus.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Builds messages byte by byte, right or wrong, without any of the code under test.
final class RawMessage {
  private final ByteOrder order;
  private final ByteArrayOutputStream fields = new ByteArrayOutputStream();
  private int type = 1;
  private byte[] body = {};

  private RawMessage(ByteOrder order) {
    this.order = order;
  }

  /// A METHOD_CALL of Ping at `/`.
  static RawMessage ping(ByteOrder order) {
    return new RawMessage(order).text(1, 'o', "/").text(3, 's', "Ping");
  }

  static RawMessage empty(ByteOrder order) {
    return new RawMessage(order);
  }

  RawMessage type(int type) {
    this.type = type;
    return this;
  }

  RawMessage text(int code, char type, String text) {
    begin(code, type);
    fields.writeBytes(number(text.length()));
    fields.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    fields.write(0);
    return this;
  }

  RawMessage number(int code, int value) {
    begin(code, 'u');
    fields.writeBytes(number(value));
    return this;
  }

  RawMessage signature(String signature) {
    begin(8, 'g');
    fields.write(signature.length());
    fields.writeBytes(signature.getBytes(StandardCharsets.ISO_8859_1));
    fields.write(0);
    return this;
  }

  /// A field of any form: its variant, from the variant's signature on.
  RawMessage field(int code, byte[] variant) {
    pad(fields);
    fields.write(code);
    fields.writeBytes(variant);
    return this;
  }

  RawMessage body(byte... body) {
    this.body = body.clone();
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(order == ByteOrder.LITTLE_ENDIAN ? 'l' : 'B');
    out.write(type);
    out.write(0);
    out.write(1);
    out.writeBytes(number(body.length));
    out.writeBytes(number(1));
    out.writeBytes(number(fields.size()));
    out.writeBytes(fields.toByteArray());
    pad(out);
    out.writeBytes(body);
    return out.toByteArray();
  }

  private void begin(int code, char type) {
    pad(fields);
    fields.write(code);
    fields.write(1);
    fields.write(type);
    fields.write(0);
  }

  private byte[] number(int value) {
    return ByteBuffer.allocate(4).order(order).putInt(value).array();
  }

  private static void pad(ByteArrayOutputStream out) {
    while (out.size() % 8 != 0) {
      out.write(0);
    }
  }
}
