package dbus.server;

import dbus.auth.Credentials;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A transport of which one step fails, from its so-many-th time on.
final class FaultyTransport implements Transport {

  /// What is asked of a transport.
  enum Step {
    CREDENTIALS,
    MAX_UNIX_FDS,
    START,
    RECEIVED,
    WRITE,
    CLOSE
  }

  private final Transport real;
  private final Step faulty;
  private final Supplier<Throwable> fault;
  private final AtomicInteger passes;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// @param passes how often the step works before it fails
  FaultyTransport(Transport real, Step faulty, int passes, Supplier<Throwable> fault) {
    this.real = real;
    this.faulty = faulty;
    this.fault = fault;
    this.passes = new AtomicInteger(passes);
  }

  @SuppressWarnings("unchecked")
  private <E extends Throwable> void step(Step step) throws E {
    if (step == faulty && passes.getAndDecrement() <= 0) {
      throw (E) fault.get();
    }
  }

  boolean isClosed() {
    return closed.get();
  }

  @Override
  public void start(Receiver receiver) {
    this.<RuntimeException>step(Step.START);
    real.start(
        new Receiver() {
          @Override
          public boolean received(ByteBuffer bytes, List<FileDescriptor> fds) {
            FaultyTransport.this.<RuntimeException>step(Step.RECEIVED);
            return receiver.received(bytes, fds);
          }

          @Override
          public boolean resumed() {
            return receiver.resumed();
          }

          @Override
          public void ended(Optional<IOException> failure) {
            receiver.ended(failure);
          }
        });
  }

  @Override
  public void readElsewhere() {
    real.readElsewhere();
  }

  @Override
  public void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    write(bytes, unixFds);
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    this.<IOException>step(Step.WRITE);
    real.write(bytes, unixFds);
  }

  @Override
  public Credentials credentials() {
    this.<RuntimeException>step(Step.CREDENTIALS);
    return real.credentials();
  }

  @Override
  public int maxUnixFds() {
    this.<RuntimeException>step(Step.MAX_UNIX_FDS);
    return real.maxUnixFds();
  }

  @Override
  public void close() {
    closed.set(true);
    real.close();
    this.<RuntimeException>step(Step.CLOSE);
  }
}
