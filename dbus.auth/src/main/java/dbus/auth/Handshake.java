package dbus.auth;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.nio.ByteBuffer;
import java.util.Optional;

/// One side of the conversation that comes before the messages.
///
/// Whoever owns the connection repeats three steps: hand over what was received ([#receive]), send
/// what there is to send ([#takeOutput()]), look at the status. A client begins with the second
/// step, since it speaks first. The same bytes give the same answers and the same result however
/// they are split (AUTH-14).
///
/// A handshake belongs to one thread at a time and has no locks. [#receive] runs the mechanism and
/// the server's observer on the calling thread. A peer can cause no exception here.
public abstract sealed class Handshake permits ServerHandshake, ClientHandshake {
  private final LineReader lines;
  private final Output output;
  private final HandshakeTrace trace;
  private HandshakeStatus status = new NeedsMore();

  Handshake(HandshakeLimits limits, HandshakeTrace trace) {
    this.trace = trace;
    lines = new LineReader(limits.lineBytes());
    output = new Output(limits.outputBytes());
  }

  /// Takes bytes of the peer, and leaves in the buffer what does not belong to the handshake. Once
  /// the result is [Authenticated], the bytes that are left are the first of a message; once the
  /// handshake has ended nothing is taken any more.
  ///
  /// @param in bytes in the order in which they came, any number of them, from position to limit
  /// @return the status after them
  public final HandshakeStatus receive(ByteBuffer in) {
    while (isUnfinished() && in.hasRemaining()) {
      if (awaitsFirstByte()) {
        onFirstByte(in.get());
        continue;
      }
      Optional<byte[]> line = lines.read(in);
      if (line.isPresent()) {
        Command command = Command.parse(line.get());
        trace.received(command, stateName());
        onCommand(command);
      } else if (lines.isTooLong()) {
        fail(FailureReason.LINE_TOO_LONG, "no CR LF within the line's limit");
      }
    }
    return status;
  }

  /// The status after all that was received.
  public final HandshakeStatus status() {
    return status;
  }

  /// Whether [#takeOutput()] would give any bytes.
  public final boolean hasOutput() {
    return !output.isEmpty();
  }

  /// Takes the bytes that are to be sent to the peer now, in order after those taken before. They
  /// are the caller's from then on. A client's first byte is the NUL, which a caller may send on
  /// its own with the platform's credentials attached to it.
  ///
  /// @return a new buffer, without a remaining byte if there is nothing to send
  public final ByteBuffer takeOutput() {
    return output.take();
  }

  /// Ends the handshake from outside: the time limit has passed, the peer is gone. What was not yet
  /// taken for sending is dropped. An [Authenticated] handshake can be aborted as well, by a caller
  /// who finds that the time limit passed while an observer was thinking: the peer then never sees
  /// the `OK` (AUTH-57). A handshake that has failed keeps its first reason.
  ///
  /// @param reason the event; usually [FailureReason#TIMED_OUT], [FailureReason#END_OF_STREAM] or
  ///   [FailureReason#ABORTED]
  /// @param detail one line for logs
  /// @return the failure that this handshake ended with
  public final Failed abort(FailureReason reason, String detail) {
    if (status instanceof Failed failed) {
      return failed;
    }
    output.clear();
    return fail(reason, detail);
  }

  /// Whether the byte that comes next stands before the first line.
  abstract boolean awaitsFirstByte();

  /// Checks that byte.
  abstract void onFirstByte(byte first);

  /// Follows one transition of the state table.
  abstract void onCommand(Command command);

  /// The state, as the specification names it.
  abstract String stateName();

  /// Queues a line. A line that would exceed the limit is not sent, and ends the handshake.
  final void send(Command command) {
    if (!isUnfinished()) {
      return;
    }
    if (output.add(command.encode())) {
      trace.sent(command, stateName());
    } else {
      fail(FailureReason.TOO_MUCH_OUTPUT, "the answers exceed their limit in bytes");
    }
  }

  final void sendNul() {
    output.add(new byte[1]);
  }

  final void succeed(Authenticated authenticated) {
    if (isUnfinished()) {
      end(authenticated);
    }
  }

  final Failed fail(FailureReason reason, String detail) {
    return fail(reason, detail, Optional.empty());
  }

  final Failed fail(FailureReason reason, String detail, Optional<Throwable> cause) {
    if (status instanceof Failed failed) {
      return failed;
    }
    Failed failed = new Failed(reason, detail, cause);
    end(failed);
    return failed;
  }

  private boolean isUnfinished() {
    return status instanceof NeedsMore;
  }

  private void end(HandshakeStatus last) {
    status = last;
    lines.clear();
  }
}
