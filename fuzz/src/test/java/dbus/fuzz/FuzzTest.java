package dbus.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What fuzzing begins with, and what it has found before.
@DisplayName("WIRE-34")
class FuzzTest {
  @TestFactory
  Stream<DynamicTest> messages() throws IOException {
    return tests("message", Seeds.messages(), MessageTarget::fuzzerTestOneInput);
  }

  @TestFactory
  Stream<DynamicTest> signatures() throws IOException {
    return tests("signature", Seeds.signatures(), SignatureTarget::fuzzerTestOneInput);
  }

  @TestFactory
  Stream<DynamicTest> texts() throws IOException {
    return tests("text", Seeds.texts(), TextTarget::fuzzerTestOneInput);
  }

  @TestFactory
  @DisplayName("SEC-38 addresses")
  Stream<DynamicTest> addresses() throws IOException {
    return tests("address", TextSeeds.addresses(), AddressTarget::fuzzerTestOneInput);
  }

  @TestFactory
  @DisplayName("SEC-38 introspection data")
  Stream<DynamicTest> introspections() throws IOException {
    return tests(
        "introspection", TextSeeds.introspections(), IntrospectionTarget::fuzzerTestOneInput);
  }

  @TestFactory
  @DisplayName("SEC-38 what clients say to a server before their first message")
  Stream<DynamicTest> handshakesOfClients() throws IOException {
    return tests(
        "server-handshake", HandshakeSeeds.ofClients(), ServerHandshakeTarget::fuzzerTestOneInput);
  }

  @TestFactory
  @DisplayName("SEC-38 what servers say to a client before the first message")
  Stream<DynamicTest> handshakesOfServers() throws IOException {
    return tests(
        "client-handshake", HandshakeSeeds.ofServers(), ClientHandshakeTarget::fuzzerTestOneInput);
  }

  @TestFactory
  @DisplayName("SEC-38 whole connections")
  Stream<DynamicTest> connections() throws IOException {
    return tests("connection", ConnectionSeeds.all(), ConnectionTarget::fuzzerTestOneInput);
  }

  @Test
  @DisplayName("SEC-38 every prefix of a handshake, and every one of its bytes changed, passes too")
  void nearHandshakes() {
    int count = 0;
    for (byte[] seed : HandshakeSeeds.ofClients()) {
      count += near(seed, ServerHandshakeTarget::fuzzerTestOneInput);
    }
    for (byte[] seed : HandshakeSeeds.ofServers()) {
      count += near(seed, ClientHandshakeTarget::fuzzerTestOneInput);
    }
    assertTrue(count > 1000);
  }

  private static int near(byte[] seed, Consumer<byte[]> run) {
    for (int i = 0; i < seed.length; i++) {
      byte[] changed = seed.clone();
      changed[i] ^= 1;
      run.accept(changed);
      run.accept(Arrays.copyOf(seed, i));
    }
    return seed.length;
  }

  @Test
  @DisplayName("every prefix of a seed, and every one of its bytes changed, passes the targets too")
  void nearSeeds() {
    int count = 0;
    for (byte[] seed : Seeds.messages()) {
      for (int i = 0; i < seed.length; i++) {
        MessageTarget.fuzzerTestOneInput(Arrays.copyOf(seed, i));
        byte[] changed = seed.clone();
        changed[i] ^= 1;
        MessageTarget.fuzzerTestOneInput(changed);
        count++;
      }
    }
    for (byte[] seed : Seeds.texts()) {
      for (int i = 0; i < seed.length; i++) {
        TextTarget.fuzzerTestOneInput(Arrays.copyOf(seed, i));
        SignatureTarget.fuzzerTestOneInput(Arrays.copyOf(seed, i));
      }
    }
    assertTrue(count > 1000);
  }

  @Test
  @DisplayName("a claim that does not hold fails")
  void claims() {
    assertThrows(IllegalStateException.class, () -> Claim.isTrue(false, "fact"));
    assertThrows(IllegalStateException.class, () -> Claim.areEqual(1, 2));
  }

  private static Stream<DynamicTest> tests(String target, List<byte[]> seeds, Consumer<byte[]> run)
      throws IOException {
    assertTrue(seeds.size() > 5);
    List<Path> files = regressions(target);
    return Stream.concat(
        seeds.stream().map(seed -> test("seed", seed, run)),
        files.stream().map(file -> test(file.getFileName().toString(), read(file), run)));
  }

  private static List<Path> regressions(String target) throws IOException {
    Path directory = Path.of("src/test/resources/dbus/fuzz", target);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(directory)) {
      return found.sorted().toList();
    }
  }

  private static DynamicTest test(String name, byte[] input, Consumer<byte[]> run) {
    return DynamicTest.dynamicTest(name, () -> assertDoesNotThrow(() -> run.accept(input)));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
