package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.address.Guid;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signature;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-42 as much as a message can hold goes through both ways")
class LargeMessagesTest {

  private static final int LARGEST_ARRAY = 1 << 26;

  private static final Duration LONG = Duration.ofMinutes(2);

  private static final Interface ECHO =
      Interface.named("com.example.Echo1")
          .method(
              "Echo",
              List.of(in("one", BYTES), in("other", BYTES)),
              List.of(out("one", BYTES), out("other", BYTES)),
              call -> call.reply(call.message().body()))
          .build();

  private DBusConnection client;

  @BeforeEach
  void connect() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    ObjectTree objects = new ObjectTree();
    var _ = objects.export(new ObjectPath("/echo"), ECHO);
    var _ = DBusConnection.serverSide(pair.server(), Guid.random()).objects(objects).start();
    client = DBusConnection.clientSide(pair.client()).connect();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static MethodCall echo(int one, int other) {
    return MethodCall.of(
            new ObjectPath("/echo"), new InterfaceName("com.example.Echo1"), new MemberName("Echo"))
        .withBody(
            Body.write(
                Signature.parse("ayay"),
                writer -> {
                  BYTES.write(writer, filled(one));
                  BYTES.write(writer, filled(other));
                }));
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i += 4096) {
      bytes[i] = (byte) (i >> 12);
    }
    return bytes;
  }

  private void comesBack(MethodCall call) throws Exception {
    MethodReturn reply = client.call(call, LONG);
    assertEquals(call.body(), reply.body());
  }

  @Test
  void anArrayOfSixtyFourMiB() throws Exception {
    comesBack(echo(LARGEST_ARRAY, 0));
  }

  @Test
  void aMessageOfAHundredAndTwentyEightMiBAndNotOneByteMore() throws Exception {
    int around = MessageEncoder.encode(echo(0, 0), 1, ByteOrder.nativeOrder()).length;
    int rest = MessageDecoder.MAX_MESSAGE_LENGTH - around - LARGEST_ARRAY;
    comesBack(echo(LARGEST_ARRAY, rest));
    MethodCall tooLarge = echo(LARGEST_ARRAY, rest + 1);
    assertThrows(IllegalArgumentException.class, () -> client.call(tooLarge, LONG));
    comesBack(echo(1, 1));
  }
}
