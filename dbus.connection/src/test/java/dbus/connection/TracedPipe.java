package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A pipe whose writing end is sent through the code under test. Whoever reads the other end sees
/// the end of the stream as soon as nobody has a copy of the writing end any more: not this process
/// under any number, and not a socket in which it waits. So a leak is found without counting.
final class TracedPipe implements AutoCloseable {

  private final FileInputStream reader;
  private final UnixFd writer;

  TracedPipe() throws IOException {
    UnixFd.Pipe pipe = UnixFd.pipe();
    reader = pipe.reader().inputStream();
    writer = pipe.writer();
  }

  /// The writing end, to be sent.
  UnixFd writer() {
    return writer;
  }

  /// Waits until the writing end is closed everywhere; the test itself must not have it any more.
  ///
  /// @return what was written before
  String untilClosedEverywhere() {
    writer.close();
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return new String(reader.readAllBytes(), StandardCharsets.UTF_8);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            },
            task -> Thread.ofPlatform().daemon().start(task))
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  void isClosedEverywhere() {
    assertEquals("", untilClosedEverywhere());
  }

  @Override
  public void close() throws IOException {
    writer.close();
    reader.close();
  }
}
