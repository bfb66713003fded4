package dbus.benchmarks;

import dbus.wire.Body;
import dbus.wire.InvalidMessageException;
import dbus.wire.MessageDecoder;
import dbus.wire.MethodCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.MessageFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// A method call from arguments to bytes, and from bytes to arguments, here and with dbus-java.
public class WireBenchmark extends WireSetup {
  @Param public WireCase body;

  private final MessageDecoder decoder = new MessageDecoder();
  private ByteBuffer input;

  private final MessageFactory factory = new MessageFactory((byte) 'l');
  private Object[] theirArguments;
  private String theirSignature;
  private byte[] theirFixed;
  private byte[] theirFields;
  private byte[] theirBody;

  @Setup
  public void setUp() throws DBusException {
    use(body);
    input = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    theirArguments = body.theirs();
    theirSignature = body.signature().isEmpty() ? null : body.signature().toString();
    // Cut as dbus-java cuts what it reads: the fields with their length, padded to 8, in front.
    int fieldsLength = input.getInt(12);
    int bodyAt = 16 + (fieldsLength + 7 & -8);
    theirFixed = Arrays.copyOf(message, 12);
    theirFields = new byte[8 + bodyAt - 16];
    System.arraycopy(message, 12, theirFields, 0, 4);
    System.arraycopy(message, 16, theirFields, 8, bodyAt - 16);
    theirBody = Arrays.copyOfRange(message, bodyAt, message.length);
    requireSameBody();
  }

  /// What is compared must be the same work.
  private void requireSameBody() throws DBusException {
    byte[][] pieces = encodeDbusJava();
    int length = Arrays.stream(pieces).filter(p -> p != null).mapToInt(p -> p.length).sum();
    ByteBuffer joined = ByteBuffer.allocate(length);
    Arrays.stream(pieces).filter(p -> p != null).forEach(joined::put);
    byte[] end = Arrays.copyOfRange(joined.array(), length - theirBody.length, length);
    if (!Arrays.equals(end, theirBody)) {
      throw new AssertionError("dbus-java writes another body for " + body);
    }
    if (decodeDbusJava().length != body.theirs().length) {
      throw new AssertionError("dbus-java reads other arguments for " + body);
    }
  }

  /// The arguments are written straight into the buffer, and taken from there without a copy.
  @Benchmark
  public int encode() {
    int length = encoder.append(call, 1, body.signature(), arguments);
    ByteBuffer bytes = encoder.peek();
    encoder.discard(length);
    return bytes.get(length - 1);
  }

  /// A body is made first, and copied into the buffer.
  @Benchmark
  public int encodeBody() {
    int length = encoder.append(call.withBody(Body.write(body.signature(), arguments)), 1);
    ByteBuffer bytes = encoder.peek();
    encoder.discard(length);
    return bytes.get(length - 1);
  }

  /// The bytes are decoded where they lie.
  @Benchmark
  public long decode() throws InvalidMessageException {
    return read((MethodCall) MessageDecoder.decode(message));
  }

  /// The bytes come from a stream, and are copied once.
  @Benchmark
  public long decodePushed() throws InvalidMessageException {
    decoder.feed(input.rewind());
    return read((MethodCall) decoder.next().orElseThrow());
  }

  private long read(MethodCall received) {
    reader.reset(received.body());
    // What a server looks at to find the method.
    return body.read(reader, targets)
        + received.path().value().length()
        + received.interfaceName().orElseThrow().value().length()
        + received.member().value().length();
  }

  @Benchmark
  public byte[][] encodeDbusJava() throws DBusException {
    return factory
        .createMethodCall(
            null, null, PATH, INTERFACE, MEMBER, (byte) 0, theirSignature, theirArguments)
        .getWireData();
  }

  @Benchmark
  public Object[] decodeDbusJava() throws DBusException {
    try {
      return MessageFactory.createMessage((byte) 1, theirFixed, theirFields, theirBody, List.of())
          .getParameters();
    } catch (org.freedesktop.dbus.exceptions.MessageTypeException e) {
      throw new AssertionError(e);
    }
  }
}
