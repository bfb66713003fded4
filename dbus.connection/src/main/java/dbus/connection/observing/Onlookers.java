package dbus.connection.observing;

/// Who looks on at the messages of one connection.
public record Onlookers(Filters filters, Wiretaps wiretaps, Events events) {

  /// Nobody yet.
  public Onlookers() {
    this(new Filters(), new Wiretaps(), new Events());
  }
}
