package dbus.connection.observing;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.connection.CloseReason;
import dbus.connection.Direction;
import dbus.connection.jfr.AuthenticationFailed;
import dbus.connection.jfr.ConnectionClosed;
import dbus.connection.jfr.ConnectionOpened;
import dbus.connection.jfr.HandlerRun;
import dbus.connection.jfr.MessagePassed;
import dbus.connection.transport.Transport;
import dbus.wire.ErrorMessage;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageType;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.UnknownMessage;
import java.util.concurrent.atomic.AtomicLong;

/// Records what happens to one connection with JDK Flight Recorder; see `dbus.connection.jfr`.
///
/// Events are filled in only where one is wanted. When recording is off, making one and asking it
/// costs next to nothing, and its allocation is optimised away.
public final class Events {

  private static final AtomicLong COUNT = new AtomicLong();

  /// A peer can make a path as long as a message.
  private static final int LONGEST = 256;

  private final String connection = "connection-" + COUNT.incrementAndGet();
  private volatile long opened;

  /// The connection's name, which tells it from the others of this process.
  public String connection() {
    return connection;
  }

  public void opened(Authenticated peer, Transport transport) {
    opened = System.nanoTime();
    ConnectionOpened event = new ConnectionOpened();
    if (event.isEnabled()) {
      event.connection = connection;
      event.mechanism = peer.mechanism();
      event.identity = cut(peer.identity().map(Object::toString).orElse(""));
      event.remoteAddress = remoteAddress(transport);
      event.serverGuid = peer.guid().toString();
      event.passesUnixFds = peer.unixFds();
      event.commit();
    }
  }

  public void closed(CloseReason reason) {
    ConnectionClosed event = new ConnectionClosed();
    if (event.isEnabled()) {
      event.connection = connection;
      event.reason = reason.kind().name();
      event.detail = cut(reason.detail());
      event.lifetime = System.nanoTime() - opened;
      if (reason.cause().orElse(null) instanceof InvalidMessageException invalid) {
        event.violation = invalid.violation().name();
        event.violationOffset = invalid.offset();
      }
      event.commit();
    }
  }

  public void notAuthenticated(CloseReason reason, Transport transport) {
    AuthenticationFailed event = new AuthenticationFailed();
    if (event.isEnabled()) {
      event.connection = connection;
      event.detail = cut(reason.detail());
      event.credentials = cut(transport.credentials().toString());
      event.remoteAddress = remoteAddress(transport);
      event.commit();
    }
  }

  /// A handler is about to run; [#handled] follows.
  public static HandlerRun begin() {
    HandlerRun event = new HandlerRun();
    event.begin();
    return event;
  }

  public void handled(HandlerRun event, MethodCall call, InterfaceName interfaceName) {
    handled(event, call.type(), call.path(), interfaceName, call.member());
  }

  public void handled(HandlerRun event, Signal signal) {
    handled(event, signal.type(), signal.path(), signal.interfaceName(), signal.member());
  }

  private void handled(
      HandlerRun event,
      MessageType type,
      ObjectPath path,
      InterfaceName interfaceName,
      MemberName member) {
    event.end();
    if (event.shouldCommit()) {
      event.connection = connection;
      event.messageType = type.name();
      event.path = cut(path.value());
      event.interfaceName = interfaceName.value();
      event.member = member.value();
      event.commit();
    }
  }

  /// A message has passed.
  ///
  /// @param serial on the wire
  public void passed(Direction direction, Message message, int serial) {
    MessagePassed event = new MessagePassed();
    if (event.isEnabled()) {
      event.connection = connection;
      event.direction = direction.name();
      event.type = message.type().name();
      event.serial = serial;
      switch (message) {
        case MethodCall call -> {
          event.path = cut(call.path().value());
          event.interfaceName = call.interfaceName().map(InterfaceName::value).orElse("");
          event.member = call.member().value();
        }
        case Signal signal -> {
          event.path = cut(signal.path().value());
          event.interfaceName = signal.interfaceName().value();
          event.member = signal.member().value();
        }
        case MethodReturn reply -> event.replySerial = reply.replySerial();
        case ErrorMessage error -> {
          event.replySerial = error.replySerial();
          event.errorName = error.errorName().value();
        }
        case UnknownMessage _ -> {}
      }
      event.signature = message.body().signature().toString();
      event.bodyLength = message.body().length();
      event.commit();
    }
  }

  private static String remoteAddress(Transport transport) {
    return cut(transport.remoteAddress().map(Object::toString).orElse(""));
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
