package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.Direction.INCOMING;
import static dbus.connection.Direction.OUTGOING;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.PcapngFile.Packet;
import dbus.connection.PcapngFile.Statistics;
import dbus.wire.Body;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in the file of a capture, and what a capture does to its connection: nothing.
class CaptureTest {

  private static final String PATH = "/com/example/Greeter";
  private static final String NAME = "com.example.Greeter1";
  private static final int MOST = 1 << 16;

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private DBusConnection connection;

  @BeforeEach
  void connect() throws Exception {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Greet", in("name", STRING), out("greeting", STRING), n -> "Hello, " + n)
                .build());
    connection = connected(peer);
  }

  private DBusConnection connected(ScriptedPeer to) throws Exception {
    List<DBusConnection> opened = new ArrayList<>();
    DBusConnection.serverSide(to, Guid.parse("0123456789abcdef0123456789abcdef"))
        .policy(AuthPolicy.sameUserAs(Credentials.ofUid(ScriptedPeer.UID)))
        .objects(objects)
        .onAuthenticated(opened::add)
        .start();
    to.authenticates();
    return opened.getFirst();
  }

  private static MethodCall greeting(String name) {
    return ScriptedPeer.call(PATH, NAME, "Greet").withBody(Body.of(STRING, name));
  }

  private void expectGreeting(String name) throws Exception {
    peer.sends(greeting(name));
    MethodReturn reply = assertInstanceOf(MethodReturn.class, peer.receives());
    assertEquals("Hello, " + name, reply.body().read(STRING));
  }

  private PcapngFile captured() {
    return PcapngFile.read(file.toByteArray());
  }

  private static Message decoded(Packet packet) throws Exception {
    assertEquals(packet.length(), packet.bytes().length);
    return MessageDecoder.decode(packet.bytes());
  }

  @Test
  void messagesStandInTheFileInTheirOrderWithDirectionAndTime() throws Exception {
    Instant before = Instant.now();
    Message reply;
    byte[] call = MessageEncoder.encode(greeting("you"), 77, ByteOrder.BIG_ENDIAN);
    try (Capture capture = Capture.to(file, MOST)) {
      capture.add(connection);
      peer.sends(call);
      reply = peer.receives();
      assertEquals(2, capture.messages());
      assertEquals(0, capture.lost());
    }
    Instant after = Instant.now();

    PcapngFile read = captured();
    assertEquals(1, read.interfaces.size());
    assertEquals(231, read.interfaces.getFirst().linkType());
    assertEquals(MOST, read.interfaces.getFirst().mostBytes());
    assertArrayEquals(new byte[] {9}, read.interfaces.getFirst().options().get(9));
    assertEquals(connection.name(), read.interfaces.getFirst().name());
    assertTrue(read.interfaces.getFirst().text().startsWith("EXTERNAL "));
    assertEquals(
        List.of(INCOMING, OUTGOING), read.packets.stream().map(Packet::direction).toList());
    assertArrayEquals(call, read.packets.getFirst().bytes());
    assertEquals(reply, decoded(read.packets.getLast()));
    for (Packet packet : read.packets) {
      Instant time = Instant.ofEpochSecond(0, packet.time());
      assertFalse(time.isBefore(before) || time.isAfter(after), time::toString);
    }
    assertEquals(List.of(new Statistics(0, 2, 0)), read.statistics);
  }

  @Test
  void aMessageThatComesByteByByteIsOnePacket() throws Exception {
    byte[] call = peer.bytesOf(greeting("you"));
    try (Capture capture = Capture.to(file, MOST)) {
      capture.add(connection);
      for (byte one : call) {
        peer.sends(new byte[] {one});
      }
      peer.receives();
    }
    assertEquals(2, captured().packets.size());
    assertArrayEquals(call, captured().packets.getFirst().bytes());
  }

  @Test
  void manyMessagesOfOneReadAreAPacketEach() throws Exception {
    byte[] first = peer.bytesOf(greeting("a"));
    byte[] second = peer.bytesOf(greeting("b".repeat(10_000)));
    byte[] third = peer.bytesOf(greeting("c"));
    try (Capture capture = Capture.to(file, MOST)) {
      capture.add(connection);
      peer.sends(first, second, third, new byte[] {'l'});
      peer.receives();
      peer.receives();
      peer.receives();
    }
    List<Packet> incoming =
        captured().packets.stream().filter(packet -> packet.direction() == INCOMING).toList();
    assertEquals(3, incoming.size());
    assertArrayEquals(first, incoming.get(0).bytes());
    assertArrayEquals(second, incoming.get(1).bytes());
    assertArrayEquals(third, incoming.get(2).bytes());
  }

  @ParameterizedTest(name = "after {0} bytes of a message")
  @ValueSource(ints = {1, 15, 16, 17, 60})
  void aCaptureThatBeginsInTheMiddleOfAMessagePassesItOver(int sent) throws Exception {
    byte[] underWay = peer.bytesOf(greeting("you"));
    byte[] next = peer.bytesOf(greeting("them"));
    peer.sends(Arrays.copyOf(underWay, sent));
    try (Capture capture = Capture.to(file, MOST)) {
      capture.add(connection);
      peer.sends(Arrays.copyOfRange(underWay, sent, 70), new byte[0]);
      peer.sends(Arrays.copyOfRange(underWay, 70, underWay.length), next);
      peer.receives();
      peer.receives();
    }
    PcapngFile read = captured();
    assertArrayEquals(next, read.packets.getFirst().bytes());
    assertEquals(
        List.of(INCOMING, OUTGOING, OUTGOING).stream().sorted().toList(),
        read.packets.stream().map(Packet::direction).sorted().toList());
  }

  @Test
  void oneConnectionCanBeTakenOutWhileTheCaptureRuns() throws Exception {
    ScriptedPeer other = new ScriptedPeer();
    DBusConnection another = connected(other);
    try (Capture capture = Capture.to(file, MOST)) {
      Registration first = capture.add(connection);
      capture.add(another);
      expectGreeting("you");
      first.close();
      expectGreeting("nobody hears");
      other.sends(greeting("them"));
      other.receives();
    }
    PcapngFile read = captured();
    assertEquals(
        List.of(connection.name(), another.name()),
        read.interfaces.stream().map(PcapngFile.Interface::name).toList());
    assertEquals(List.of(0, 0, 1, 1), read.packets.stream().map(Packet::number).toList());
    assertEquals(List.of(new Statistics(0, 2, 0), new Statistics(1, 2, 0)), read.statistics);
  }

  @Test
  void aClosedCaptureTakesNothingMore() throws Exception {
    Capture capture = Capture.to(file, MOST);
    capture.add(connection);
    capture.close();
    int size = file.size();
    capture.add(connection);
    expectGreeting("you");
    capture.close();
    assertEquals(size, file.size());
    assertEquals(0, capture.messages());
  }

  @Test
  void longMessagesAreCutAtTheLimitAndTheirLengthIsKept() throws Exception {
    byte[] call = peer.bytesOf(greeting("x".repeat(5000)));
    try (Capture capture = Capture.to(file, 100)) {
      capture.add(connection);
      peer.sends(call);
      peer.receives();
      expectGreeting("y".repeat(300));
    }
    PcapngFile read = captured();
    assertEquals(4, read.packets.size());
    assertArrayEquals(Arrays.copyOf(call, 100), read.packets.getFirst().bytes());
    assertEquals(call.length, read.packets.getFirst().length());
    for (Packet packet : read.packets) {
      assertEquals(100, packet.bytes().length);
      assertTrue(packet.length() > 300);
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {-1, 15, (1 << 27) + 1})
  void aLimitThatMakesNoSenseIsRefused(int most) {
    assertThrows(IllegalArgumentException.class, () -> Capture.to(file, most));
  }

  @ParameterizedTest(name = "byte {0} is wrong")
  @ValueSource(ints = {0, 3, 24})
  @DisplayName("MSG-34 the message that is invalid and ends the connection is in the file")
  void invalidMessage(int at) throws Exception {
    byte[] bad = peer.bytesOf(greeting("you"));
    bad[at] = 'x';
    try (Capture capture = Capture.to(file, MOST)) {
      capture.add(connection);
      expectGreeting("you");
      peer.sends(bad);
      assertTrue(connection.isClosed());
    }
    assertEquals(3, captured().packets.size());
    assertArrayEquals(bad, captured().packets.getLast().bytes());
  }

  @Test
  @DisplayName(
      "CONN-26 a capture shows the wire: before filters on the way in, after them on the way out")
  void withFilters() throws Exception {
    try (Capture capture = Capture.to(file, MOST)) {
      capture.add(connection);
      connection.addFilter((message, direction) ->
          message instanceof MethodCall call
              ? Optional.of(call.withBody(Body.of(STRING, "inside")))
              : Optional.empty());
      byte[] call = peer.bytesOf(greeting("outside"));
      peer.sends(call);
      assertEquals(1, capture.messages());
    }
    assertEquals("outside", decoded(captured().packets.getFirst()).body().read(STRING));
    assertTrue(peer.hasHeardAll());
  }

  @Test
  void aFileThatCannotBeWrittenEndsTheCaptureAndNotTheConnection() throws Exception {
    CountDownLatch failing = new CountDownLatch(1);
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            failing.countDown();
            throw new IOException("No space left on device");
          }
        };
    Capture capture = Capture.to(full, MOST);
    capture.add(connection);
    expectGreeting("you");
    failing.await();
    expectGreeting("them");
    capture.close();
    assertEquals("No space left on device", capture.failure().orElseThrow().getMessage());
    expectGreeting("all");
    assertFalse(connection.isClosed());
  }

  @Test
  void aFileThatTakesNothingHoldsNobodyUpAndMemoryIsLimited() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    OutputStream stuck =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("written in pieces");
          }

          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            try {
              gate.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            file.write(bytes, from, count);
          }
        };
    long lost;
    try (Capture capture = new Capture(stuck, MOST, 100_000)) {
      capture.add(connection);
      for (int i = 0; i < 100; i++) {
        expectGreeting("x".repeat(1000));
      }
      assertEquals(200, capture.messages());
      lost = capture.lost();
      assertTrue(lost > 50, () -> "only " + capture.lost() + " lost");
      gate.countDown();
    }
    PcapngFile read = captured();
    assertEquals(200, read.packets.size() + lost);
    for (Packet packet : read.packets) {
      assertTrue(decoded(packet).body().length() >= 1000);
    }
  }

  @Test
  void theFileIsForItsOwnerAlone(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("a.pcapng");
    try (Capture capture = Capture.to(path)) {
      capture.add(connection);
      expectGreeting("you");
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    PcapngFile read = PcapngFile.read(Files.readAllBytes(path));
    assertEquals(2, read.packets.size());
    assertEquals(Capture.DEFAULT_MESSAGE_BYTES, read.interfaces.getFirst().mostBytes());
  }

  @Test
  void aPathThatCannotBeOpenedIsToldAtOnce(@TempDir Path directory) {
    assertThrows(IOException.class, () -> Capture.to(directory));
  }

  @Test
  void theEndOfAConnectionIsTheEndOfItsCapture() throws Exception {
    try (Capture capture = Capture.to(file, MOST)) {
      capture.add(connection);
      expectGreeting("you");
      peer.endsItsStream();
      connection.closed().toCompletableFuture().get();
      ScriptedPeer other = new ScriptedPeer();
      capture.add(connected(other));
      other.sends(greeting("them"));
      other.receives();
    }
    assertEquals(List.of(new Statistics(0, 2, 0), new Statistics(1, 2, 0)), captured().statistics);
  }
}
