package dbus.wire;

import java.util.Objects;
import java.util.Optional;

/// Answers a [MethodCall] with an error. D-Bus Specification, "Errors".
public final class ErrorMessage extends AbstractMessage implements Message {
  ErrorMessage(Header header) {
    super(header);
  }

  /// An error with a text for people as its only argument. It goes to the sender of the call, if
  /// the call names one.
  ///
  /// @param call a call that was received, or at least has a serial
  /// @param errorName what kind of error it is
  /// @param text what happened, for people
  /// @return the error, without a serial of its own
  /// @throws IllegalArgumentException if the call has no serial, or D-Bus cannot carry the text
  public static ErrorMessage to(MethodCall call, ErrorName errorName, String text) {
    Header header = Header.reply(MessageType.ERROR, call);
    header.errorName = errorName;
    return new ErrorMessage(header.withBody(Body.of(Codec.STRING, text)));
  }

  /// What kind of error it is.
  ///
  /// @return the name
  public ErrorName errorName() {
    return Objects.requireNonNull(header.errorName());
  }

  /// The serial of the call that is answered.
  ///
  /// @return an unsigned 32-bit number, never 0
  public int replySerial() {
    return header.replySerial;
  }

  /// What happened, for people.
  ///
  /// @return the first argument, if it is a string
  public Optional<String> text() {
    WireReader reader = header.body().reader();
    return reader.hasNext() && reader.nextType() == BasicType.STRING
        ? Optional.of(reader.readString())
        : Optional.empty();
  }

  /// The same message with other arguments. The file descriptors that it declares are those of the
  /// new ones.
  ///
  /// @param body the arguments; its byte order becomes the message's
  /// @return the new message
  public ErrorMessage withBody(Body body) {
    return new ErrorMessage(header.withBody(body));
  }

  /// The same message with these flags and no others.
  ///
  /// @param flags all flags
  /// @return the new message
  public ErrorMessage withFlags(MessageFlag... flags) {
    return new ErrorMessage(header.withFlags(flags));
  }

  /// The same message with a serial.
  ///
  /// @param serial an unsigned 32-bit number, 0 for none
  /// @return the new message
  public ErrorMessage withSerial(int serial) {
    return new ErrorMessage(header.withSerial(serial));
  }

  /// The same message with a destination.
  ///
  /// @param destination a bus name
  /// @return the new message
  public ErrorMessage withDestination(BusName destination) {
    return new ErrorMessage(header.withDestination(destination));
  }

  /// The same message with a sender.
  ///
  /// @param sender a bus name
  /// @return the new message
  public ErrorMessage withSender(BusName sender) {
    return new ErrorMessage(header.withSender(sender));
  }

  /// The same message with a number of file descriptors that travel with it.
  ///
  /// @param count 0 to 253
  /// @return the new message
  /// @throws IllegalArgumentException if the count is out of range
  public ErrorMessage withUnixFds(int count) {
    return new ErrorMessage(header.withUnixFds(count));
  }

  @Override
  public ErrorMessage withUnixFds(UnixFds unixFds) {
    return new ErrorMessage(header.withUnixFds(unixFds));
  }
}
