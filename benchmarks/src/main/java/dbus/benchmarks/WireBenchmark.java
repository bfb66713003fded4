package dbus.benchmarks;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.MessageFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A method call from arguments to bytes, and from bytes to arguments, here and with dbus-java.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class WireBenchmark {
  private static final String PATH = "/org/example/Player";
  private static final String INTERFACE = "org.example.Player";
  private static final String MEMBER = "Update";

  @Param public WireCase body;

  private final MethodCall call =
      MethodCall.of(new ObjectPath(PATH), new InterfaceName(INTERFACE), new MemberName(MEMBER));
  private final MessageEncoder encoder = new MessageEncoder();
  private final MessageDecoder decoder = new MessageDecoder();
  private final WireCase.Targets targets = new WireCase.Targets();
  private byte[] message;
  private ByteBuffer input;

  private final MessageFactory factory = new MessageFactory((byte) 'l');
  private Object[] theirArguments;
  private String theirSignature;
  private byte[] theirFixed;
  private byte[] theirFields;
  private byte[] theirBody;

  @Setup
  public void setUp() throws DBusException {
    message =
        MessageEncoder.encode(
            call.withBody(Body.write(body.signature(), body::write)), 1, ByteOrder.LITTLE_ENDIAN);
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

  @Benchmark
  public int encode() {
    int length = encoder.append(call.withBody(Body.write(body.signature(), body::write)), 1);
    encoder.discard(length);
    return length;
  }

  @Benchmark
  public long decode() throws InvalidMessageException {
    decoder.feed(input.rewind());
    Message received = decoder.next().orElseThrow();
    return body.read(received.body().reader(), targets) + decoder.pending();
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
