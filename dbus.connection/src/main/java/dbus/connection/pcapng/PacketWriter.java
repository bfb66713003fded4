package dbus.connection.pcapng;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Writes packets on a thread of its own, so that whoever has a packet never waits for a disk.
///
/// Packets wait in a queue that is limited in bytes. What finds no room there is lost, and counted.
/// All fields are touched under the lock of this writer; only the stream is the thread's alone.
public final class PacketWriter {

  private static final Logger LOG = System.getLogger(PacketWriter.class.getName());

  private static final String APPLICATION = "dbus for Java";

  /// How long closing waits for what is queued to be written.
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /// Where packets come from: what the file calls an interface. It is described there with its
  /// first packet.
  public static final class Source {
    private final String name;
    private final String text;
    private int number = -1;
    private long packets;
    private long lost;

    /// @param text says more than the name
    public Source(String name, String text) {
      this.name = name;
      this.text = text;
    }
  }

  private final OutputStream out;
  private final int mostBytes;
  private final long limit;
  private final Runnable whenFailed;
  private final Thread thread;

  private final Queue<byte[]> queue = new ArrayDeque<>();
  private long queuedBytes;
  private int sources;
  private long packets;
  private long lost;
  private boolean closed;
  private @Nullable IOException failure;

  /// @param mostBytes of a packet that are kept; longer ones must be cut before they come here
  /// @param limit of what waits to be written, in bytes
  /// @param whenFailed is run if writing fails; nothing more is taken then
  public PacketWriter(OutputStream out, int mostBytes, long limit, Runnable whenFailed) {
    this.out = out;
    this.mostBytes = mostBytes;
    this.limit = limit;
    this.whenFailed = whenFailed;
    queue.add(Block.sectionHeader(APPLICATION));
    thread = Thread.ofPlatform().name("dbus-capture").daemon().unstarted(this::write);
  }

  /// Begins to write. Called once.
  public void start() {
    thread.start();
  }

  /// Takes a packet, or counts it as lost.
  ///
  /// @param kept its first bytes, which are copied
  /// @param length of all of it
  public synchronized void packet(Source source, boolean inbound, ByteBuffer kept, int length) {
    if (closed) {
      return;
    }
    source.packets++;
    packets++;
    long time = now();
    if (!describe(source)
        || !offer(Block.packet(source.number, time, inbound, kept.duplicate(), length))) {
      source.lost++;
      lost++;
    }
  }

  private boolean describe(Source source) {
    if (source.number < 0
        && offer(Block.interfaceDescription(source.name, source.text, mostBytes))) {
      source.number = sources++;
    }
    return source.number >= 0;
  }

  /// No more packets will come from there; the file gets their number.
  public synchronized void end(Source source) {
    if (!closed && source.number >= 0) {
      var _ = offer(Block.statistics(source.number, now(), source.packets, source.lost));
    }
  }

  /// Whatever is too large for the queue has room when nothing else waits.
  private boolean offer(byte[] block) {
    if (!queue.isEmpty() && queuedBytes + block.length > limit) {
      return false;
    }
    queue.add(block);
    queuedBytes += block.length;
    notifyAll();
    return true;
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private void write() {
    try (out) {
      for (byte[] next = next(); next != null; next = next()) {
        out.write(next);
      }
    } catch (IOException e) {
      failed(e);
    } catch (RuntimeException | InterruptedException | OutOfMemoryError e) {
      failed(new IOException("capturing ended: " + e, e));
    }
  }

  /// Waits for a block; before that, what was written is handed on for whoever reads along.
  private byte @Nullable [] next() throws IOException, InterruptedException {
    if (isIdle()) {
      out.flush();
    }
    synchronized (this) {
      while (queue.isEmpty() && !closed) {
        wait();
      }
      byte[] next = queue.poll();
      if (next != null) {
        queuedBytes -= next.length;
      }
      return next;
    }
  }

  private synchronized boolean isIdle() {
    return queue.isEmpty();
  }

  private void failed(IOException e) {
    synchronized (this) {
      closed = true;
      failure = e;
      queue.clear();
      queuedBytes = 0;
    }
    LOG.log(Level.WARNING, "capturing has ended, and the connections go on: writing failed", e);
    whenFailed.run();
  }

  /// How many packets have come.
  public synchronized long packets() {
    return packets;
  }

  /// How many of them found no room.
  public synchronized long lost() {
    return lost;
  }

  /// Why nothing more is written, if it was not meant to be so.
  public synchronized Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  /// Takes nothing more, and waits until all is written, for five seconds at most.
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      if (!thread.join(CLOSING)) {
        LOG.log(Level.WARNING, "a capture is left incomplete: nothing was written in " + CLOSING);
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
