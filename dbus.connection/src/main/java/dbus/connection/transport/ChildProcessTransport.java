package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The standard input and output of a program that was started for this connection. It ends with
/// the connection: first its input ends; if it is still there after two seconds it is asked to end,
/// and two seconds later it is killed.
///
/// Java gives a child two pipes, not the one socket that the specification speaks of. Programs that
/// read and write cannot tell; one that asks its socket who is at the other end is told nothing, so
/// as a server it cannot offer EXTERNAL unless it knows better.
final class ChildProcessTransport implements Transport {

  private static final Logger LOG = System.getLogger(ChildProcessTransport.class.getName());

  private static final int GRACE_SECONDS = 2;

  /// How long to wait for the end of a program that has ended its output.
  private static final int FAREWELL_SECONDS = 1;

  /// What is added to the number of a signal for the status of a program that it ended.
  private static final int SIGNALLED = 128;

  private final String name;
  private final Process process;
  private final ChannelTransport streams;

  private ChildProcessTransport(String name, Process process) {
    this.name = name;
    this.process = process;
    OutputStream input = process.getOutputStream();
    this.streams =
        new ChannelTransport(
            Endpoint.of(
                new StreamChannel(process.getInputStream(), input),
                // Elsewhere, since it waits for a write to a program that does not read. The output
                // stays: closing it would not end a read, and the number of the pipe is not free
                // yet.
                () -> Thread.ofVirtual().name("dbus-child-end").start(() -> close(input))),
            Credentials.ofSocket(-1, -1, process.pid()),
            Optional.empty());
  }

  /// Starts a program. Its standard error is that of this process.
  ///
  /// @param command the program, looked up in `PATH` if it has no slash, and its arguments
  /// @throws IOException if it cannot be started
  static ChildProcessTransport start(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    return new ChildProcessTransport(command.getFirst(), process);
  }

  @Override
  public void start(Receiver receiver) {
    streams.start(
        new Receiver() {
          @Override
          public boolean received(ByteBuffer bytes, List<FileDescriptor> unixFds) {
            return receiver.received(bytes, unixFds);
          }

          @Override
          public boolean resumed() {
            return receiver.resumed();
          }

          @Override
          public void ended(Optional<IOException> failure) {
            awaitEnd();
            receiver.ended(failure);
          }
        });
  }

  @Override
  public void readElsewhere() {
    streams.readElsewhere();
  }

  // Streams can only wait: what is offered is left to be written.

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    try {
      streams.write(bytes, unixFds);
    } catch (UnixFdsRefusedException e) {
      throw e;
    } catch (IOException e) {
      awaitEnd();
      throw new IOException(peerEnd().orElse(name) + ": " + e.getMessage(), e);
    }
  }

  /// A program ends a moment after its streams.
  private void awaitEnd() {
    try {
      if (!process.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.DEBUG, "{0} has ended its output, and goes on", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Optional<String> peerEnd() {
    if (process.isAlive()) {
      return Optional.empty();
    }
    int status = process.exitValue();
    String signal = status > SIGNALLED ? " (signal " + (status - SIGNALLED) + ")" : "";
    return Optional.of("%s ended with status %s%s".formatted(name, status, signal));
  }

  @Override
  public Credentials credentials() {
    return streams.credentials();
  }

  @Override
  public int maxUnixFds() {
    return streams.maxUnixFds();
  }

  @Override
  public void close() {
    streams.close();
    var _ =
        process
            .onExit()
            .completeOnTimeout(process, GRACE_SECONDS, TimeUnit.SECONDS)
            .thenAccept(this::terminate);
  }

  private void terminate(Process running) {
    running.destroy();
    var _ =
        running
            .onExit()
            .completeOnTimeout(running, GRACE_SECONDS, TimeUnit.SECONDS)
            .thenAccept(Process::destroyForcibly);
  }

  private static void close(OutputStream input) {
    try {
      input.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing the input of a program failed", e);
    }
  }
}
