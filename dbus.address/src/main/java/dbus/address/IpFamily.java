package dbus.address;

import java.util.Locale;

/// The family of an internet socket, the value of the key `family`.
public enum IpFamily {
  /// Internet Protocol version 4, written `ipv4`.
  IPV4,
  /// Internet Protocol version 6, written `ipv6`.
  IPV6;

  private final String text = name().toLowerCase(Locale.ROOT);

  /// The value as it stands in an address: `ipv4` or `ipv6`.
  @Override
  public String toString() {
    return text;
  }
}
